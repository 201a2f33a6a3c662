"""VK's Callback API: what happens in a community is posted to the servers its managers named."""

from userapi_gw.embedded.callback.sender import Pace, Sender
from userapi_gw.embedded.callback.tables import tables

__all__ = ["Pace", "Sender", "tables"]
