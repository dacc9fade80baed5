print("init deep", __name__)
from ..early import name
DEEP = "deep " + name
