"""Communities: who they are, who manages them, where their events are sent, and what may be sent in their name.

Their numbers are positive here; where a community stands beside people (`User`, owners of walls, authors), it has minus
its number as VK has it.
"""

import time
from dataclasses import dataclass, field
from typing import Any

from userapi_gw.backend import parse
from userapi_gw.backend.calls import Calls
from userapi_gw.backend.looking import LOOKED_THROUGH, Happened, happened, newest_own
from userapi_gw.errors import Failure, Kind

MOST_MANAGERS = 1000
API_VERSION = "5.131"
"""How events are spelled that a callback server of ours gets."""


@dataclass(frozen=True, slots=True)
class Community:
    """A community as the viewer sees it."""

    id: int
    name: str
    screen_name: str = ""
    photo_100: str = ""
    is_manager: bool = False
    admin_level: int = 0  # of a manager: 1 moderator, 2 editor, 3 administrator; 0 not told
    is_member: bool = False


@dataclass(frozen=True, slots=True)
class CallbackServer:
    """An address that events of a community are sent to. `status` is unconfigured, failed, wait or ok."""

    id: int
    url: str
    title: str
    status: str
    secret: str = field(default="", repr=False)


class Groups(Calls):
    """Sections `groups` and, about communities, `messages`; no part of `Backend`, since no act needs them.

    The viewer is a person, or a community whose key the token is: `Groups(client, -5, key)`. What only managers may do
    takes either. Methods raise `Failure` as `Backend` says.
    """

    __slots__ = ()

    def community(self, group_id: int | None) -> Community:
        """Return a community, with None the one whose key this is; raises `Failure(NOT_FOUND)` when there is none."""

        def only(answer: Any) -> Community:
            rows = parse.group_rows(answer)
            if not rows or rows[0].get("deactivated"):
                raise Failure(Kind.NOT_FOUND, "community")
            return _community(rows[0])

        return self.read("groups.getById", only, group_id=group_id)

    def belongs(self, group_id: int, user_id: int) -> bool:
        """Tell whether a person is a member of a community."""
        return self.read("groups.isMember", bool, group_id=group_id, user_id=user_id)

    def managers(self, group_id: int) -> dict[int, str]:
        """Return the role of each manager by user id; raises `Failure(FORBIDDEN)` for who is none of them."""

        def roles(answer: Any) -> dict[int, str]:
            return {int(row["id"]): str(row.get("role") or "") for row in answer["items"]}

        asked = {"group_id": group_id, "filter": "managers", "count": MOST_MANAGERS}
        return self.read("groups.getMembers", roles, **asked)

    def may_message(self, group_id: int, user_id: int) -> bool:
        """Tell whether a community may write to a person. Asked with the community's key, or by that person."""

        def allowed(answer: Any) -> bool:
            return bool(answer["is_allowed"])

        return self.read("messages.isMessagesFromGroupAllowed", allowed, group_id=group_id, user_id=user_id)

    def allow_messages(self, group_id: int) -> None:
        """Let a community write to the viewer."""

        def find() -> Happened:
            return happened(self.freshly().may_message(group_id, self.viewer))

        self.write("messages.allowMessagesFromGroup", took_effect=find, group_id=group_id)

    def deny_messages(self, group_id: int) -> None:
        """Let a community no longer write to the viewer."""

        def find() -> Happened:
            return happened(not self.freshly().may_message(group_id, self.viewer))

        self.write("messages.denyMessagesFromGroup", took_effect=find, group_id=group_id)

    def message_from_community(self, user_id: int, text: str, *, random_id: int | None = None) -> int:
        """Send a message in the name of the community whose key this is; returns its id.

        Raises `Failure(FORBIDDEN)` when the person does not let it write. As with `send_message`, a try of which nobody
        knows how it ended and the next one have the same `random_id`, unless the caller gives one.
        """

        def find() -> int | None:
            def newest(answer: Any) -> list[Any]:
                return [parse.message(row, {}, self.viewer) for row in answer["items"]]

            asked = {"user_id": user_id, "count": LOOKED_THROUGH.count}
            return newest_own(self.freshly().read("messages.getHistory", newest, **asked), self.viewer, text, since)

        def send(number: int) -> int:
            parameters = {"user_id": user_id, "message": text, "random_id": number}
            return self.write("messages.send", int, took_effect=find, **parameters)

        since, letter = time.time(), (self.viewer, user_id, text)
        if random_id is not None:
            return send(random_id)
        with self.client.unsettled.number(letter) as number:
            return send(number)

    def post_from_community(self, group_id: int, text: str) -> int:
        """Write on a community's wall in its name; returns the id of the post."""
        parameters: dict[str, Any] = {"owner_id": -group_id, "from_group": 1, "message": text}
        post_id: int = self.write("wall.post", lambda answer: int(answer["post_id"]), **parameters)
        return post_id

    def confirmation_code(self, group_id: int) -> str:
        """Return what a callback server has to answer to be taken for a community's own."""
        return self.read("groups.getCallbackConfirmationCode", lambda answer: str(answer["code"]), group_id=group_id)

    def callback_servers(self, group_id: int) -> list[CallbackServer]:
        """Return the servers a community's events are sent to."""

        def servers(answer: Any) -> list[CallbackServer]:
            return [_server(row) for row in answer["items"]]

        return self.read("groups.getCallbackServers", servers, group_id=group_id)

    def add_callback_server(self, group_id: int, url: str, title: str, secret: str) -> int:
        """Name one more server; returns its id. The backend asks it for the confirmation code at once."""

        def find() -> int | None:
            ids = [server.id for server in self.freshly().callback_servers(group_id) if server.url == url]
            return max(ids, default=None)

        facts: dict[str, Any] = {"group_id": group_id, "url": url, "title": title, "secret_key": secret}
        return self.write(
            "groups.addCallbackServer", lambda answer: int(answer["server_id"]), took_effect=find, **facts
        )

    def edit_callback_server(self, group_id: int, server_id: int, url: str, title: str, secret: str) -> None:
        """Change a server; it is asked for the confirmation code again unless it is the same and was taken."""
        place: dict[str, Any] = {"group_id": group_id, "server_id": server_id}
        facts: dict[str, Any] = {"url": url, "title": title, "secret_key": secret}
        self.write("groups.editCallbackServer", **place, **facts)

    def delete_callback_server(self, group_id: int, server_id: int) -> None:
        """Have nothing more sent to a server."""
        self.write("groups.deleteCallbackServer", group_id=group_id, server_id=server_id)

    def choose_events(self, group_id: int, server_id: int, kinds: tuple[str, ...]) -> None:
        """Have these types of events sent to a server, beside those that are already."""
        chosen: dict[str, Any] = dict.fromkeys(kinds, 1)
        asked: dict[str, Any] = {"group_id": group_id, "server_id": server_id, "api_version": API_VERSION}
        self.write("groups.setCallbackSettings", **asked, **chosen)

    def chosen_events(self, group_id: int, server_id: int) -> set[str]:
        """Return the types of events that are sent to a server."""

        def chosen(answer: Any) -> set[str]:
            return {str(kind) for kind, is_on in answer["events"].items() if is_on}

        return self.read("groups.getCallbackSettings", chosen, group_id=group_id, server_id=server_id)


def _community(row: parse.Json) -> Community:
    return Community(
        id=int(row["id"]),
        name=parse.text(row.get("name")),
        screen_name=str(row.get("screen_name") or ""),
        photo_100=str(row.get("photo_100") or ""),
        is_manager=bool(row.get("is_admin")),
        admin_level=int(row.get("admin_level") or 0),
        is_member=bool(row.get("is_member")),
    )


def _server(row: parse.Json) -> CallbackServer:
    facts = (str(row.get(name) or "") for name in ("url", "title", "status", "secret_key"))
    return CallbackServer(int(row["id"]), *facts)
