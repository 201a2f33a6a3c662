"""Opens the shadow that the settings name."""

import re
import sqlite3
from contextlib import closing
from wsgiref.types import WSGIApplication

from userapi_gw.errors import explain
from userapi_gw.replay.exchange import AUTH, DATA
from userapi_gw.replay.observer import Observer
from userapi_gw.settings import Settings, SettingsError
from userapi_gw.shadow.book import Book, Report
from userapi_gw.shadow.shadow import Shadow

_PATHS = re.compile(f"{DATA}|{AUTH}")


def open_shadow(settings: Settings) -> Shadow | None:
    """Return the shadow, None when there is none. Raises SettingsError."""
    if not settings.shadow:
        return None
    return Shadow(settings.shadow, _book(settings), share=settings.sample, writes=settings.shadow_writes)


def shadowed(application: WSGIApplication, shadow: Shadow | None) -> WSGIApplication:
    """Return the application, and around it what tells its shadow of each request that was answered."""
    return Observer(application, shadow.offer, _PATHS) if shadow else application


def begin(settings: Settings) -> None:
    """Begin to count, before any process of a server does. Raises SettingsError."""
    with closing(_book(settings)) as book:
        book.clear_counts()


def report(settings: Settings) -> Report:
    """Return what all processes have counted. Raises SettingsError."""
    with closing(_book(settings)) as book:
        return book.report()


def _book(settings: Settings) -> Book:
    try:
        return Book(settings.data_dir, settings.shadow, settings.load_secret_key())
    except (OSError, sqlite3.Error) as error:
        raise SettingsError(f"shadow: cannot use what is kept of it in {settings.data_dir}: {explain(error)}") from None
