print("before")
value = undefined_thing + 1
