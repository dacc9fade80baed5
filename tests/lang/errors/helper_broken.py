def start():
    return {}["none"]


start()
