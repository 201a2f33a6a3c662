"""Backends other than the embedded one: one that has fewer methods, and an OpenVK."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Table, create_engine, delete, func, insert, make_url, select

from tests.documented_pictures import DocumentedPictures
from userapi_gw import app
from userapi_gw.backend.client import Client, Transports
from userapi_gw.backend.dialects import OPENVK
from userapi_gw.backend.in_process import InProcessAdapter
from userapi_gw.backend.media import Media
from userapi_gw.embedded import create_backend
from userapi_gw.embedded import schema as world
from userapi_gw.errors import from_vk_code
from userapi_gw.settings import Settings
from userapi_gw.state import State
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


FACTS = ("city_id", "maiden_name", "political", "relation")
"""What an OpenVK does not store of a profile, or shows to its owner alone."""


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


def emulate_openvk(patch: pytest.MonkeyPatch) -> None:
    """Let gateways with the embedded backend have the same world behind the ways of an OpenVK."""
    usual = app._backend

    def choose(settings: Settings, state: State) -> tuple[Client, Media]:
        return _openvk(settings) if settings.backend == "embedded" else usual(settings, state)

    patch.setattr(app, "_backend", choose)


def _openvk(settings: Settings) -> tuple[Client, Media]:
    adapter = InProcessAdapter(create_backend(settings.embedded_database, emulate="openvk"))
    client = Client(f"http://{OPENVK_HOST}", Transports(adapter, adapter), settings.backend_timeout_seconds, OPENVK)
    return client, Media([OPENVK_HOST], settings.backend_timeout_seconds, adapter, in_process=True)


def as_documented(gateway: Flask) -> None:
    """Let the answers of a gateway before an OpenVK name pictures as the documentation's samples do."""
    world = gateway.extensions["userapi_gw"].settings.embedded_database
    gateway.wsgi_app = DocumentedPictures(gateway.wsgi_app, OPENVK_HOST, world)  # type: ignore[method-assign]


def hand_over(world_file: Path, database_url: str) -> None:
    """Enter in the overlays what the embedded server has of the world, as if it had come about through the gateway."""
    source = create_engine(f"sqlite:///{world_file}")
    target = open_engine(make_url(database_url))
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
        told = [
            {"user_id": row.id, "name": name, "value": json.dumps(getattr(row, name))}
            for row in theirs.execute(select(world.people))
            for name in FACTS
            if getattr(row, name)
        ]
        ours.execute(insert(kept.facts), told)
    source.dispose()
    target.dispose()


def forget_handed_over(world_file: Path) -> None:
    """Let the embedded server have nothing of what the overlays have now."""
    engine = create_engine(f"sqlite:///{world_file}")
    with engine.begin() as connection:
        for table in (world.bookmarks, world.tags, world.education):
            connection.execute(delete(table))
    engine.dispose()
