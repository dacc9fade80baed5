def handled(f):
    try:
        return f()
    except ValueError as error:
        log(error)
    except (KeyError, TypeError):
        raise
    finally:
        done()

def managed(path):
    with open(path) as file, lock:
        return file.read()

def inner(rows):
    for row in rows:
        try:
            if row:
                continue
            break
        finally:
            close(row)
