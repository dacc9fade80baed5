apply = lambda f, x: f(x)
bad = lambda x: x.y
apply(bad, 3)
