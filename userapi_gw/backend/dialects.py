"""How servers that speak VK's API differ from VK: one table of facts, read by `client`, `calls` and `parse`.

A fact stands here with what it was seen on, or nowhere. What a server has no method for is not a matter of dialect:
that is learned when the method is called (`Client.knows`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from userapi_gw.errors import OPENVK_CODES, VK_CODES, Kind

Codes = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class ServerDialect:
    """What one kind of server does otherwise than VK.

    Numbers of rows are per call. `relation` translates VK's codes into the server's.
    """

    name: str
    codes: Mapping[int, Kind] = field(default_factory=lambda: VK_CODES)
    most: Mapping[str, int] = field(default_factory=dict)
    """Methods that hand out fewer rows a call than VK, or refuse to."""
    extra: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Parameters that the server needs and VK passes over."""
    page_offsets: frozenset[str] = frozenset()
    """Methods whose `offset` counts pages of `count` rows."""
    page_totals: frozenset[str] = frozenset()
    """Methods whose `count` tells the rows of the answer, not of the whole list."""
    oldest_first: frozenset[str] = frozenset()
    """Methods that show the oldest rows first and cannot be asked otherwise."""
    relation: Codes = field(default_factory=dict)
    escapes_statuses: bool = True
    """Whether statuses come HTML-escaped, as other texts do."""
    sure_of_requests: bool = True
    """Whether friend_status 1 and 2 can be told apart: some releases have them the other way round."""
    deletes_for_everybody: bool = False
    """Whether the server deletes without asking whose the thing is: then the gateway asks first."""

    @property
    def relations_read(self) -> Codes:
        """The server's codes for `relation`, translated to VK's."""
        return {theirs: vk for vk, theirs in self.relation.items()}


VK = ServerDialect("vk")

OPENVK = ServerDialect(
    "openvk",
    codes=VK_CODES | OPENVK_CODES,
    most={"friends.getRequests": 999, "users.search": 100},
    extra={"users.get": {"count": 1000}},  # 100 without, however many ids were sent
    page_offsets=frozenset({"friends.get", "friends.getRequests"}),
    page_totals=frozenset({"messages.getHistory", "photos.getComments"}),
    oldest_first=frozenset({"photos.getComments"}),
    relation={5: 7, 6: 8, 7: 6, 8: 5},  # VK: 5 complicated, 6 searching, 7 in love, 8 civil union
    escapes_statuses=False,
    sure_of_requests=False,
    deletes_for_everybody=True,
)
"""OpenVK "Altair Preview" of 2026, as it was recorded, and of 2023."""

DIALECTS: Mapping[str, ServerDialect] = {"embedded": VK, "vk": VK, "openvk": OPENVK}
"""The dialect of each `backend` setting."""
