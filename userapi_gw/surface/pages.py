"""Pages for people and probes: the landing page, `/healthz`, `/readyz`."""

import json

from flask import Blueprint, Response, render_template, request
from sqlalchemy.exc import SQLAlchemyError

from userapi_gw.acts import ACTS
from userapi_gw.embedded import DEMO_ACCOUNTS
from userapi_gw.gateway import Gateway
from userapi_gw.settings import SELF
from userapi_gw.surface.answer import JSON_TYPE
from userapi_gw.surface.frames import frame_policy
from userapi_gw.surface.hosts import own_address

PLAIN = "text/plain; charset=utf-8"


def blueprint(gateway: Gateway) -> Blueprint:
    """Return the routes of the pages. `/index.html` is where a login for the gateway's own site ends."""
    routes = Blueprint("pages", __name__)
    embedded = gateway.settings.backend == "embedded"
    own_site = next((number for number, site in gateway.settings.sites.items() if site.url == SELF), None)
    frames = frame_policy(gateway, gateway.site(own_site) if own_site else None)

    @routes.get("/")
    @routes.get("/index.html")
    def landing() -> Response:
        html = render_template(
            "landing.html",
            address=own_address(request),
            acts=sorted(ACTS.values(), key=lambda act: (act.section, act.name)),
            accounts=DEMO_ACCOUNTS if embedded else (),
            sites=gateway.settings.sites,
            own_site=own_site,
        )
        return Response(html, headers={"Content-Security-Policy": frames})

    @routes.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", content_type=PLAIN)

    @routes.get("/readyz")
    def readyz() -> Response:
        parts = {"database": _database_answers(gateway), "backend": gateway.client.is_reachable()}
        line = json.dumps({name: "ok" if well else "away" for name, well in parts.items()})
        return Response(f"{line}\n", status=200 if all(parts.values()) else 503, content_type=JSON_TYPE)

    return routes


def _database_answers(gateway: Gateway) -> bool:
    try:
        gateway.state.ping()
    except SQLAlchemyError:
        return False
    return True
