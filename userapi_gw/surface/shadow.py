"""`/shadow` tells how a second gateway did."""

import json
import logging
import sqlite3

from flask import Blueprint, Response

from userapi_gw.gateway import Gateway
from userapi_gw.surface.answer import JSON_TYPE

log = logging.getLogger(__name__)

UNREADABLE = "the file with what is known of the shadow cannot be used"


def blueprint(gateway: Gateway) -> Blueprint:
    """Return the page; nothing where there is no shadow."""
    routes = Blueprint("shadow", __name__)
    shadow = gateway.shadow
    if shadow is None:
        return routes

    @routes.get("/shadow")
    def report() -> Response:
        try:
            return Response(f"{json.dumps(shadow.report()._asdict(), indent=2)}\n", content_type=JSON_TYPE)
        except sqlite3.Error as error:
            log.error("%s: %s", UNREADABLE, error)
            return Response(f"{UNREADABLE}\n", 503, content_type="text/plain; charset=utf-8")

    return routes
