"""Pictures as plain HTTP: `/u00001/b_6261d317.jpg` on any host name."""

import re
from hashlib import blake2b

from flask import Blueprint, Response, request

from userapi_gw.gateway import Gateway
from userapi_gw.surface.hosts import host_name

LIFETIME = 24 * 3600
"""How long programs may keep a picture without asking again, in seconds. A changed picture has another address."""

_ORIGINAL = re.compile(r"/u\d{1,20}/(?:\d{1,20}/)?[a-z]_[0-9a-z]{1,32}\.jpg", re.ASCII)
"""What the addresses of the embedded backend look like; others are not asked for (and then remembered) at all."""


def blueprint(gateway: Gateway) -> Blueprint:
    """Return the routes of pictures.

    A program that came by proxy and saw the backend's addresses (dialect 2008) asks for those: `http://cs137.userapi.com/
    u00001/b_6261d317.jpg`. Only the embedded backend has pictures under such plain addresses.
    """
    routes = Blueprint("images", __name__)
    embedded = gateway.settings.backend == "embedded"

    @routes.get("/u<int:_owner>/<_name>.jpg")
    @routes.get("/u<int:_owner>/<int:_album>/<_name>.jpg")
    def image(_owner: int, _name: str, _album: int = 0) -> Response:
        store = gateway.picture_store
        body = store.picture(request.path)
        if not body and embedded and _ORIGINAL.fullmatch(request.path):
            body = store.original(f"http://{host_name(request)}{request.path}")
        return _found(body) if body else _missing()

    return routes


def _found(body: bytes) -> Response:
    response = Response(body, content_type="image/jpeg")
    response.headers["Cache-Control"] = f"public, max-age={LIFETIME}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.set_etag(blake2b(body, digest_size=12).hexdigest())
    return response.make_conditional(request)  # type: ignore[return-value] # the stubs know werkzeug's class only


def _missing() -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response("There is no such picture.\n", 404, headers, content_type="text/plain; charset=utf-8")
