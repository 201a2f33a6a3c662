"""Playback: answers from a capture before anything else is asked, and `/playback`, which tells what was missed."""

import json
import logging
import sqlite3
from urllib.parse import quote

from flask import Blueprint, Request, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from userapi_gw.gateway import Gateway
from userapi_gw.playback import Tape
from userapi_gw.playback.answers import Played, played
from userapi_gw.playback.misses import miss
from userapi_gw.replay.exchange import AUTH, DATA, UPLOAD, Exchange
from userapi_gw.surface.answer import JSON_TYPE, SCRIPT_TYPE, callback_name
from userapi_gw.surface.unrecorded import refusal, stub_answer
from userapi_gw.surface.upload import MOST_REQUEST_BYTES

log = logging.getLogger(__name__)

MISS_HEADER = "X-Userapi-Gw-Miss"
UNREADABLE = "the index of the capture cannot be used"


def blueprint(gateway: Gateway) -> Blueprint:
    """Return what comes before all routes, and a page of its own; nothing where there is no capture to play back."""
    routes = Blueprint("playback", __name__)
    tape = gateway.tape
    if tape is None:
        return routes

    @routes.before_app_request
    def play() -> Response | None:
        return _Player(gateway, tape, request._get_current_object()).response()  # type: ignore[attr-defined]

    @routes.route("/playback", methods=["GET", "POST"])
    def tally() -> Response:
        return _tally(tape, rewind=request.method == "POST")

    return routes


def _tally(tape: Tape, *, rewind: bool) -> Response:
    """What was counted, when the capture was put back to its beginning if that is wanted."""
    try:
        if rewind:
            tape.rewind()
        return Response(f"{json.dumps(tape.tally()._asdict(), indent=2)}\n", content_type=JSON_TYPE)
    except sqlite3.Error as error:
        log.error("%s: %s", UNREADABLE, error)
        return Response(f"{UNREADABLE}\n", 503, content_type="text/plain; charset=utf-8")


class _Player:
    """One request."""

    def __init__(self, gateway: Gateway, tape: Tape, request: Request) -> None:
        self._gateway, self._tape, self._request = gateway, tape, request

    def response(self) -> Response | None:
        """Return the recorded answer, or what stands for it; None to let the gateway answer."""
        try:
            exchange = self._asked()
        except (HTTPException, OSError):  # too long, cut off: the gateway knows what to say
            return None
        try:
            recorded = self._tape.next(exchange)
            if recorded is None:
                return self._missed(exchange) if exchange.is_userapi else None
        except sqlite3.Error as error:
            log.error("%s: %s", UNREADABLE, error)
            if not exchange.is_userapi:
                return None
            return self._told(refusal(self._gateway, self._request, exchange), UNREADABLE)
        return _response(played(recorded, callback_name(exchange.parameters.get("back", "")), SCRIPT_TYPE, JSON_TYPE))

    def _asked(self) -> Exchange:
        """Return the request as a capture would hold it."""
        if self._request.path == UPLOAD:
            self._request.max_content_length = MOST_REQUEST_BYTES
        body = self._request.get_data() if self._request.path in (DATA, AUTH, UPLOAD) else b""
        path, query = (self._request.environ.get(name, "") for name in ("PATH_INFO", "QUERY_STRING"))
        kind = (("Content-Type", self._request.headers.get("Content-Type", "")),)
        return Exchange(0, None, self._request.method, f"{quote(path, encoding='latin-1')}?{query}", kind, body)

    def _missed(self, exchange: Exchange) -> Response | None:
        explained, way = miss(exchange, self._tape.nearest(exchange)), self._gateway.settings.on_miss
        self._tape.missed(explained.told())
        log.log(logging.INFO if way == "backend" else logging.WARNING, "%s", explained.told())
        if way == "backend":
            return None
        answer = stub_answer if way == "stub" else refusal
        return self._told(answer(self._gateway, self._request, exchange), explained.told_with_values())

    @staticmethod
    def _told(response: Response, reason: str) -> Response:
        response.headers[MISS_HEADER] = reason
        return response


def _response(answer: Played) -> Response:
    phrase = HTTP_STATUS_CODES.get(answer.status, "Unknown")  # as servers spell it; Flask would shout it
    response = Response(answer.body, f"{answer.status} {phrase}", answer.headers)
    response.autocorrect_location_header = False
    if all(name.lower() != "content-type" for name, _ in answer.headers):
        del response.headers["Content-Type"]
    return response
