"""Listens to the backend for those who poll, so that their mailboxes are up to date before they ask."""

from userapi_gw.live.keeper import Live
from userapi_gw.live.mailbox import LiveMailbox
from userapi_gw.live.policy import LivePolicy

__all__ = ["Live", "LiveMailbox", "LivePolicy"]
