"""What neither shore keeps. Imports no other room.

Sessions, update streams, login attempts, captchas, flood counts, registrations, unlocked accounts, acts nobody serves.
"""

from userapi_gw.state.database import is_away
from userapi_gw.state.opening import State, open_state
from userapi_gw.state.sessions import Opened, Session
from userapi_gw.state.stream_model import Action, Change, Claim, Entry, Seen, Since, StreamKey

__all__ = [
    "Action",
    "Change",
    "Claim",
    "Entry",
    "Opened",
    "Seen",
    "Session",
    "Since",
    "State",
    "StreamKey",
    "is_away",
    "open_state",
]
