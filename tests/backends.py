"""Backends other than the embedded one: one that has fewer methods, and an OpenVK."""

from dataclasses import replace
from typing import Any

from flask import Flask
from sqlalchemy import Table, create_engine, delete, func, insert, make_url, select

from userapi_gw.backend.client import Client, Transports
from userapi_gw.backend.dialects import OPENVK
from userapi_gw.backend.in_process import InProcessAdapter
from userapi_gw.backend.media import Media
from userapi_gw.embedded import create_backend
from userapi_gw.embedded import schema as world
from userapi_gw.errors import from_vk_code
from userapi_gw.settings import Settings
from userapi_gw.state.engines import open_engine
from userapi_gw.state.overlays import schema as kept

OPENVK_HOST = "openvk.invalid"
NOT_IN_OPENVK = (
    "fave.",
    "messages.get",
    "messages.markAsRead",
    "status.getHistory",
    "status.delete",
    "status.restore",
    "status.clear",
    "photos.getTags",
    "photos.putTag",
    "photos.removeTag",
    "photos.confirmTag",
    "photos.getUserPhotos",
    "photos.getNewTags",
    "photos.getAllComments",
    "photos.getUserPhotosComments",
    "photos.restoreComment",
    "wall.restore",
    "education.",
)
"""What the embedded server has and OpenVK has not, as far as it is served from overlays."""


def take_away(gateway: Flask, names: tuple[str, ...]) -> None:
    """Let the backend of a gateway refuse these methods (`wall.restore`) and sections (`fave.`) as unknown."""
    client = gateway.extensions["userapi_gw"].client
    knows = client.knows
    refused = {"execute"} if names else set[str]()  # in which nothing could be refused

    def refuse(method: str, token: str, *, write: bool = False, **parameters: Any) -> Any:
        if any(method == name or (name.endswith(".") and method.startswith(name)) for name in names):
            refused.add(method)
            raise from_vk_code(3, method)
        return Client.call(client, method, token, write=write, **parameters)

    if names:
        client.call, client.knows = refuse, lambda method: method not in refused and knows(method)
        client.dialect = replace(client.dialect, searches_schools="education." not in names)


def openvk(settings: Settings, _: Any) -> tuple[Client, Media]:
    """The embedded world behind the ways of an OpenVK, in this process."""
    adapter = InProcessAdapter(create_backend(settings.embedded_database, emulate="openvk"))
    client = Client(f"http://{OPENVK_HOST}", Transports(adapter, adapter), settings.backend_timeout_seconds, OPENVK)
    return client, Media([OPENVK_HOST], settings.backend_timeout_seconds, adapter, in_process=True)


def hand_over(settings: Settings) -> None:
    """Enter in the overlays what the embedded server has of the world, as if it had come about through the gateway."""
    source = create_engine(f"sqlite:///{settings.embedded_database}")
    target = open_engine(make_url(settings.database_url))
    with source.begin() as theirs, target.execution_options(writing=True).begin() as ours:

        def copy(table: Table, query: Any) -> None:
            ours.execute(insert(table), [dict(row) for row in theirs.execute(query).mappings()])
            if target.dialect.name == "postgresql" and "id" in table.c:  # which counts for itself what it was not told
                sequence = func.pg_get_serial_sequence(table.name, "id")
                ours.execute(select(func.setval(sequence, func.max(table.c.id))))

        bookmarks, tags, photos, statuses = world.bookmarks.c, world.tags.c, world.photos.c, world.statuses.c
        copy(
            kept.bookmarks,
            select(bookmarks.owner_id.label("viewer"), bookmarks.user_id, bookmarks.id.label("added_at")),
        )
        corners = (tags.x, tags.y, tags.x2, tags.y2)
        who = (tags.id, tags.placer_id, func.coalesce(tags.user_id, 0).label("user_id"), tags.name, tags.date)
        tagged = select(photos.owner_id, tags.photo_id, *who, tags.confirmed, *corners)
        copy(kept.tags, tagged.join(world.photos, photos.id == tags.photo_id))
        copy(kept.schools, select(world.education))
        copy(kept.statuses, select(statuses.id, statuses.user_id, statuses.date, statuses.text, statuses.deleted))
        for table in (world.bookmarks, world.tags, world.education):
            theirs.execute(delete(table))
    source.dispose()
    target.dispose()
