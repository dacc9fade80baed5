# Random access into long strings that are not ASCII, forward, backward and by slices.
text = "".join(chr(0x3B1 + i % 24) if i % 3 else chr(97 + i % 26) for i in range(400))
total = 0
for i in range(len(text)):
    total = (total * 31 + ord(text[i]) + ord(text[-1 - i])) % 1000003
print(total, len(text))
for step in (1, 2, 7, -1, -3):
    piece = text[10:300:step] if step > 0 else text[300:10:step]
    print(step, len(piece), piece[:12])
words = [text[i:i + 5] for i in range(0, 60, 5)]
print(words, text.find(words[5]), text.rfind("a"), text[399], text[200:204])
