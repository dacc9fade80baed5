"""A package for imports.py."""
print("init pkg", __name__)
value = "pkg value"
from . import early
__all__ = ["early", "value"]
_hidden = 1
