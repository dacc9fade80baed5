async def gather(source, lock):
    async with lock as held:
        async for item in source:
            await held(item)
    return [x async for x in source if await x]

async def produce(n):
    for i in range(n):
        yield await i
