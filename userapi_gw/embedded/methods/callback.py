"""Methods `groups.*Callback*`: which servers are told what happens in a community. For its managers and its key."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row, delete, func, insert, select, update

from userapi_gw.embedded.callback.queue import ask_for_confirmation
from userapi_gw.embedded.callback.tables import EVENT_TYPES, UNCONFIGURED, queue, servers
from userapi_gw.embedded.errors import VkError, bad_parameter
from userapi_gw.embedded.groups import managed_group, require_group
from userapi_gw.embedded.params import check_version
from userapi_gw.embedded.registry import Call, method

MOST_SERVERS = 10
_MAX_TITLE, _MAX_SECRET, _MAX_URL = 14, 50, 2000  # characters


@method("groups.getCallbackConfirmationCode", community=True)
def get_code(call: Call) -> dict[str, str]:
    """Return the `code` that a server of the community has to answer to be taken."""
    return {"code": require_group(call, managed_group(call)).confirmation}


@method("groups.addCallbackServer", writes=True, community=True)
def add_server(call: Call) -> dict[str, int]:
    """Name a server: `url`, `title`, `secret_key`; it is asked for the code at once. VK error 2000 for the eleventh."""
    group_id, facts = managed_group(call), _facts(call)
    own = select(func.count()).select_from(servers).where(servers.c.group_id == group_id)
    if (call.db.scalar(own) or 0) >= MOST_SERVERS:
        raise VkError(2000)
    row = {"group_id": group_id, "creator_id": max(call.viewer, 0), "status": UNCONFIGURED, "api_version": "5.131"}
    server_id = call.db.scalar(insert(servers).values(**row, **facts).returning(servers.c.id)) or 0
    ask_for_confirmation(call.db, server_id, call.now)
    return {"server_id": server_id}


@method("groups.editCallbackServer", writes=True, community=True)
def edit_server(call: Call) -> int:
    """Change `url`, `title` and `secret_key` of a server; it has to confirm again when its address changes."""
    row, facts = _server(call), _facts(call)
    call.db.execute(update(servers).where(servers.c.id == row.id).values(facts))
    if facts["url"] != row.url or row.status != "ok":
        ask_for_confirmation(call.db, row.id, call.now)
    return 1


@method("groups.deleteCallbackServer", writes=True, community=True)
def delete_server(call: Call) -> int:
    """Forget a server, and what waits to be sent to it."""
    row = _server(call)
    call.db.execute(delete(queue).where(queue.c.server_id == row.id))
    call.db.execute(delete(servers).where(servers.c.id == row.id))
    return 1


@method("groups.getCallbackServers", community=True)
def get_servers(call: Call) -> dict[str, Any]:
    """List the servers of a community, or those of `server_ids`, each with its `status`."""
    query = select(servers).where(servers.c.group_id == managed_group(call)).order_by(servers.c.id)
    if call.params.has("server_ids"):
        query = query.where(servers.c.id.in_(call.params.ids("server_ids", MOST_SERVERS)))
    shown = ("id", "title", "creator_id", "url", "secret_key", "status")
    rows = call.db.execute(query).all()
    return {"count": len(rows), "items": [{name: getattr(row, name) for name in shown} for row in rows]}


@method("groups.setCallbackSettings", writes=True, community=True)
def set_settings(call: Call) -> int:
    """Switch types of events on (1) and off (0) by their names, and choose `api_version`; the others stay."""
    row = _server(call)
    version = call.params.text("api_version", row.api_version)
    check_version(version)
    chosen = set(json.loads(row.events))
    for kind in EVENT_TYPES:
        if call.params.has(kind):
            chosen = chosen | {kind} if call.params.flag(kind) else chosen - {kind}
    changed = {"api_version": version, "events": json.dumps(sorted(chosen))}
    call.db.execute(update(servers).where(servers.c.id == row.id).values(changed))
    return 1


@method("groups.getCallbackSettings", community=True)
def get_settings(call: Call) -> dict[str, Any]:
    """Return the `api_version` of a server and which `events` it is told, as 1 and 0."""
    row = _server(call)
    chosen = set(json.loads(row.events))
    return {"api_version": row.api_version, "events": {kind: int(kind in chosen) for kind in EVENT_TYPES}}


def _server(call: Call) -> Row[Any]:
    server_id = call.params.integer("server_id", minimum=1)
    own = (servers.c.id == server_id, servers.c.group_id == managed_group(call))
    row = call.db.execute(select(servers).where(*own)).one_or_none()
    if row is None:
        raise bad_parameter("server_id is invalid")
    return row


def _facts(call: Call) -> dict[str, str]:
    url = call.params.text("url", maximum=_MAX_URL)
    if not re.fullmatch(r"https?://[\x21-\x7e]+", url) or not _host(url):
        raise bad_parameter("url is invalid")
    title = call.params.text("title", maximum=_MAX_TITLE)
    return {"url": url, "title": title, "secret_key": call.params.text("secret_key", "", maximum=_MAX_SECRET)}


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
