naïve = "日本"; total = naïve + 5
