"""What neither shore keeps. Imports no other room.

Sessions, update streams, snapshots of friends, login attempts, captchas, flood counts, registrations, unlocked
accounts, who listens for whom, keys of communities, launches of their apps, acts nobody serves.
"""

from userapi_gw.state.database import is_away
from userapi_gw.state.opening import State, open_state
from userapi_gw.state.pollers import Lease, Pollers
from userapi_gw.state.sessions import Opened, Session
from userapi_gw.state.snapshot_model import Due, Found, Outcome, Round, Shown, came, gone
from userapi_gw.state.snapshots import Snapshots
from userapi_gw.state.stream_model import Action, Change, Claim, Entry, Seen, Since, StreamKey

__all__ = [
    "Action",
    "Change",
    "Claim",
    "Due",
    "Entry",
    "Found",
    "Lease",
    "Opened",
    "Outcome",
    "Pollers",
    "Round",
    "Seen",
    "Session",
    "Shown",
    "Since",
    "Snapshots",
    "State",
    "StreamKey",
    "came",
    "gone",
    "is_away",
    "open_state",
]
