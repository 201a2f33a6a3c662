"""Wires the rooms together; no logic of its own."""

from functools import partial
from typing import Any

from flask import Flask

from userapi_gw.acts import LIMITED
from userapi_gw.acts.recent import RecentAnswers
from userapi_gw.backend.client import Client, Transports
from userapi_gw.backend.dialects import DIALECTS
from userapi_gw.backend.in_process import InProcessAdapter
from userapi_gw.backend.media import Media
from userapi_gw.backend.oauth import Door, vk_door
from userapi_gw.embedded import create_backend
from userapi_gw.gateway import Gateway
from userapi_gw.inbound import callback, community, devino
from userapi_gw.pictures import PictureStore
from userapi_gw.playback import open_tape
from userapi_gw.settings import Settings, SettingsError
from userapi_gw.shadow import open_shadow, shadowed
from userapi_gw.state import State, open_state
from userapi_gw.surface import auth, captcha_page, data, images, login_page, pages, playback, shadow, upload
from userapi_gw.surface.hosts import AnyHost
from userapi_gw.surface.request import MOST_BYTES

DAY = 24 * 3600
EMBEDDED_HOST = "embedded.invalid"
"""Where the embedded backend seems to be; its adapter answers before any name is looked up."""


def create_app(settings: Settings) -> Flask:
    """Return the gateway as a WSGI application.

    Raises `SettingsError` when the data folder cannot be used or a limit is set for what has none.
    """
    settings.prepare_data_dir()
    _check_limits(settings)
    state = _state(settings)
    client, media = _backend(settings, state)
    pictures = PictureStore(settings.data_dir / "pictures", settings.picture_cache_megabytes, media)
    recent, tape = _recent(settings), open_tape(settings)
    gateway = Gateway(settings, state, client, media, pictures, recent, tape, open_shadow(settings))
    app = Flask("userapi_gw")
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = MOST_BYTES
    app.extensions["userapi_gw"] = gateway
    app.before_request(gateway.start_workers)
    app.wsgi_app = shadowed(AnyHost(app.wsgi_app), gateway.shadow)  # type: ignore[assignment, method-assign]
    for room in (data, auth, images, upload, pages, login_page, captcha_page, playback, shadow):
        app.register_blueprint(room.blueprint(gateway))
    for door in (community, callback, devino):
        app.register_blueprint(door.blueprint(gateway))
    return app


def _recent(settings: Settings) -> RecentAnswers[Any]:
    return RecentAnswers(settings.data_dir / "changes", settings.cache_seconds, lambda answer: len(answer.body))


def _check_limits(settings: Settings) -> None:
    for name in settings.limits:
        if name not in LIMITED:
            raise SettingsError(f"limits: there is no writing act {name!r}")


def _state(settings: Settings) -> State:
    return open_state(
        settings.database_url,
        settings.load_secret_key(),
        sid_lifetime=settings.session_days * DAY,
        login_failures_per_account=settings.login_failures,
        login_refusal=settings.login_pause_seconds,
        unlocked_lifetime=settings.unlocked_days * DAY,
    )


def _door(settings: Settings) -> Door:
    if settings.backend != "vk" or not (settings.oauth_url or settings.vk_client_id):
        return Door(settings.oauth_url)
    secret = settings.vk_client_secret
    return vk_door(settings.oauth_url, settings.vk_client_id, secret.get_secret_value() if secret else "")


def _backend(settings: Settings, state: State) -> tuple[Client, Media]:
    hosts, timeout = settings.media_hosts, settings.backend_timeout_seconds
    if settings.backend != "embedded":
        most = settings.calls_per_second
        client = Client(
            settings.backend_url,
            Transports.over_http(),
            timeout,
            DIALECTS[settings.backend],
            stale_seconds=settings.stale_seconds,
            reserve=partial(state.call_rates.reserve, most) if most else None,
            flood_pause_seconds=settings.flood_pause_seconds,
            door=_door(settings),
        )
        return client, Media(hosts, timeout)
    embedded = create_backend(settings.embedded_database)
    adapter = InProcessAdapter(embedded, embedded.extensions["callback_sender"].close)
    media = Media([*hosts, EMBEDDED_HOST], timeout, adapter, in_process=True)
    client = Client(f"http://{EMBEDDED_HOST}", Transports(adapter, adapter), timeout, DIALECTS["embedded"])
    return client, media
