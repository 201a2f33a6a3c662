"""Wires the rooms together; no logic of its own."""

from flask import Flask

from userapi_gw.settings import Settings


def create_app(settings: Settings) -> Flask:
    """Return the gateway as a WSGI application for `settings`."""
    app = Flask("userapi_gw")

    @app.get("/healthz")
    def healthz() -> str:
        return "ok\n"

    return app
