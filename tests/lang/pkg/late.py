print("init late", __name__)
from .early import name as early_name, where
from . import value
from .sub import deep
from .sub.deep import DEEP
class Thing:
    tag = early_name + value
