"""What stands for an answer that was not recorded, in the protocol's own words."""

from typing import Any

from flask import Request, Response

from userapi_gw import acts
from userapi_gw.acts.parameters import Parameters
from userapi_gw.errors import TABLE, Kind
from userapi_gw.gateway import Gateway
from userapi_gw.playback.stubs import stub
from userapi_gw.replay.exchange import AUTH, DATA, Exchange
from userapi_gw.settings import Site
from userapi_gw.surface.answer import callback_name, respond, spelled
from userapi_gw.surface.back import redirect, site_address


def refusal(gateway: Gateway, request: Request, exchange: Exchange) -> Response:
    """Return a failure: `{"ok":0}` of `/data`, a redirect with a `sid` of -1 of `/auth`."""
    outcome = TABLE[Kind.NOT_FOUND]
    if exchange.path == DATA:
        return _spelled(gateway, request, exchange, {"ok": outcome.ok})
    fragment = f"#;sid={outcome.redirect}" if exchange.path == AUTH else ""
    return redirect(f"{site_address(_site(gateway, exchange), request)}/index.html{fragment}")


def stub_answer(gateway: Gateway, request: Request, exchange: Exchange) -> Response:
    """Return the empty answer of an act; a login and an upload have none and fail."""
    if exchange.path != DATA:
        return refusal(gateway, request, exchange)
    sent = Parameters(exchange.parameters)
    dialect = gateway.dialect(_site(gateway, exchange), request.headers.get("User-Agent", ""))
    return _spelled(gateway, request, exchange, stub(acts.find(sent.text("act")), sent, dialect))


def _spelled(gateway: Gateway, request: Request, exchange: Exchange, answer: Any) -> Response:
    sent = Parameters(exchange.parameters)
    dialect = gateway.dialect(_site(gateway, exchange), request.headers.get("User-Agent", ""))
    return respond(spelled(answer, dialect, request, callback_name(sent.text("back"))))


def _site(gateway: Gateway, exchange: Exchange) -> Site | None:
    return gateway.site(Parameters(exchange.parameters).number("site"))
