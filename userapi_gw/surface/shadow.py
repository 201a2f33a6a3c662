"""`/shadow` tells how a second gateway did."""

import json

from flask import Blueprint, Response

from userapi_gw.gateway import Gateway
from userapi_gw.surface.answer import JSON_TYPE


def blueprint(gateway: Gateway) -> Blueprint:
    """Return the page; nothing where there is no shadow."""
    routes = Blueprint("shadow", __name__)
    shadow = gateway.shadow
    if shadow is None:
        return routes

    @routes.get("/shadow")
    def report() -> Response:
        return Response(f"{json.dumps(shadow.report()._asdict(), indent=2)}\n", content_type=JSON_TYPE)

    return routes
