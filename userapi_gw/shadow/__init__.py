"""A second gateway is asked what this one was asked, and its answers are compared; programs never get them."""

from userapi_gw.shadow.opening import begin, open_shadow, report, shadowed
from userapi_gw.shadow.shadow import Shadow

__all__ = ["Shadow", "begin", "open_shadow", "report", "shadowed"]
