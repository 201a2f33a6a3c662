"""Captures for tests, and gateways that write them."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from flask import Flask

from userapi_gw.replay import captures
from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.observer import Observer
from userapi_gw.replay.writing import ENCODERS, CaptureFile, format_of


def write(path: Path, exchanges: Sequence[Exchange]) -> Path:
    """Write a capture; the ending of its name is the format."""
    file = CaptureFile(path, ENCODERS[format_of(path)]())
    for one in exchanges:
        file.write(one)
    file.close()
    return path


def observe(gateway: Flask, path: Path) -> Path:
    """Write all that a gateway is asked and answers into a capture from now on, as it is."""
    observer = Observer(gateway.wsgi_app, CaptureFile(path, ENCODERS[format_of(path)]()).write)

    def application(environ: Any, start_response: Any) -> list[bytes]:
        with closing(observer(environ, start_response)) as answer:  # type: ignore[type-var]
            return [*answer]  # type: ignore[misc]

    gateway.wsgi_app = application  # type: ignore[method-assign]
    return path


def exchanges_of(path: Path) -> list[Exchange]:
    """Read a capture."""
    return [*captures.read(path)]
