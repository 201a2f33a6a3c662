"""How servers that speak VK's API differ from VK: one table of facts, read by `client`, `calls` and `parse`.

A fact stands here with what it was seen on, or nowhere. What a server has no method for is not a matter of dialect:
that is learned when the method is called (`Client.knows`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from userapi_gw.backend.model import ProfileChanges
from userapi_gw.errors import OPENVK_CODES, OPENVK_METHOD_CODES, Kind

Codes = Mapping[int, int]

EVERY_PART = frozenset(part.name for part in fields(ProfileChanges))
OPENVK_PARTS = frozenset({"first_name", "last_name", "sex", "relation", "birth", "home_town"})
VK_PARTS = OPENVK_PARTS | {"maiden_name", "city_id"}
"""Parts of a profile (of `ProfileChanges`) that account.saveProfileInfo stores."""


@dataclass(frozen=True, slots=True)
class ServerDialect:
    """What one kind of server does otherwise than VK.

    Numbers of rows are per call. `relation` translates VK's codes into the server's.
    """

    name: str
    codes: Mapping[int, Kind] = field(default_factory=dict)
    """Error codes that mean something else than at VK."""
    method_codes: Mapping[tuple[str, int], Kind] = field(default_factory=dict)
    """What single methods mean by an error code."""
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
    sorted_by_time: frozenset[str] = frozenset()
    """Methods that do not order the rows of one second."""
    unsorted: frozenset[str] = frozenset()
    """Methods whose people do not come by ascending id."""
    relation: Codes = field(default_factory=dict)
    escapes_statuses: bool = True
    """Whether statuses come HTML-escaped, as other texts do."""
    sure_of_requests: bool = True
    """Whether friend_status 1 and 2 can be told apart: some releases have them the other way round."""
    ended_friends_ask: bool = False
    """Whether somebody whose friendship the viewer ends is among those who ask for it from then on."""
    deletes_for_everybody: bool = False
    """Whether the server deletes without asking whose the thing is: then the gateway asks first."""
    profile_parts: frozenset[str] = VK_PARTS
    passed_over: Mapping[str, Any] = field(default_factory=dict)
    """Parts of a profile that cannot be given this value: the server takes it for a missing one, or refuses it."""
    judges_names: bool = False
    """Whether a name may be declined while the other parts sent with it are stored."""
    shows_owner_more: bool = False
    """Whether users.get leaves out parts of a profile that account.getProfileInfo tells its owner."""
    dates_need_years: bool = False
    """Whether a date of birth has to be sent with its year, also when that is hidden."""
    searches_schools: bool = True
    """Whether users.search heeds `school`; else it finds everybody."""
    breaks_over_nobodys_wall: bool = False
    """Whether the server breaks where it is asked for the wall of a community that is not there."""
    album_field: str = "file1"
    """The name under which a file for an album is sent."""
    deletes_comments_together: bool = False
    """Whether wall.deleteComment deletes comments on photos, too: all comments are numbered together."""

    long_poll_domains: tuple[str, ...] = ()
    """Below which names the server has long poll servers, beside its own."""

    def kind(self, method: str, code: int) -> Kind | None:
        """Return what an error code of a method means here; None for what it means at VK."""
        return self.method_codes.get((method, code)) or self.codes.get(code)

    @property
    def relations_read(self) -> Codes:
        """The server's codes for `relation`, translated to VK's."""
        return {theirs: vk for vk, theirs in self.relation.items()}


VK = ServerDialect("vk", long_poll_domains=(".vk.com", ".vk.ru", ".vk.me"))

EMBEDDED = replace(VK, name="embedded", profile_parts=EVERY_PART)

OPENVK = ServerDialect(
    "openvk",
    codes=OPENVK_CODES,
    method_codes=OPENVK_METHOD_CODES,
    most={"friends.getRequests": 999, "users.search": 100},
    extra={"users.get": {"count": 1000}},  # 100 without, however many ids were sent
    page_offsets=frozenset({"friends.get", "friends.getRequests"}),
    page_totals=frozenset({"messages.getHistory", "photos.getComments"}),
    oldest_first=frozenset({"photos.getComments"}),
    relation={5: 7, 6: 8, 7: 6, 8: 5},  # VK: 5 complicated, 6 searching, 7 in love, 8 civil union
    escapes_statuses=False,
    sure_of_requests=False,
    ended_friends_ask=True,
    deletes_for_everybody=True,
    sorted_by_time=frozenset({"wall.get"}),
    unsorted=frozenset({"friends.get"}),
    profile_parts=OPENVK_PARTS,
    passed_over={"home_town": "", "sex": 0, "birth": (0, 0, 0)},
    judges_names=True,
    shows_owner_more=True,
    dates_need_years=True,
    searches_schools=False,
    breaks_over_nobodys_wall=True,
    album_field="photo1",
    deletes_comments_together=True,
)
"""OpenVK "Altair Preview" of 2026, as it was recorded, and of 2023."""

DIALECTS: Mapping[str, ServerDialect] = {"embedded": EMBEDDED, "vk": VK, "openvk": OPENVK}
"""The dialect of each `backend` setting."""
