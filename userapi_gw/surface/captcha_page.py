"""`/captcha`: leads people to the page by which the backend tells them from programs, and takes what that page gives.

VK error 14 with `redirect_uri`. The page tells whoever opened it, by a message between windows, or the person brings
it; the next call of the account goes with it.
"""

import logging
import re
import secrets
from urllib.parse import urlsplit

from flask import Blueprint, Request, Response, render_template, request

from userapi_gw.gateway import Gateway
from userapi_gw.surface.failures import outcome_of
from userapi_gw.surface.forms import Forms
from userapi_gw.surface.hosts import client_address
from userapi_gw.surface.request import form_parameters

log = logging.getLogger(__name__)

_TOKEN = re.compile(r"(?:.*[#?&](?:success_)?token=)?([A-Za-z0-9._~-]{8,4000})(?:[&#].*)?", re.S)
"""A token, or the address of a page that holds it."""

DONE = "Done. Let the old program try again within ten minutes."
TOO_OLD = "The form was too old, or cookies are turned off. Try again."
NOTHING = "That is no token."
LATE = "Nothing waits for you any more. Let the old program try again first."
BROKEN = "Something went wrong. The operator's log tells more."


def blueprint(gateway: Gateway) -> Blueprint:
    """Return the route of the page, on any host name."""
    routes = Blueprint("captcha_page", __name__)
    forms = Forms(gateway.settings.load_secret_key(), "/captcha")

    @routes.route("/captcha", methods=["GET", "POST"])
    def captcha() -> Response:
        try:
            told = "" if request.method == "GET" else _sent(gateway, forms, request)
            page = "" if told in (DONE, LATE) else gateway.relay.page(client_address(request))
        except Exception as error:
            outcome_of(error, log, "captcha page")
            told, page = BROKEN, ""
        return _shown(forms, told, page)

    return routes


def _sent(gateway: Gateway, forms: Forms, request: Request) -> str:
    """Keep what was brought, and return what to say about it."""
    sent = form_parameters(request)
    if not forms.is_ours(request, sent.text("form")):
        return TOO_OLD
    found = _TOKEN.fullmatch(sent.text("token").strip())
    if found is None:
        return NOTHING
    if not gateway.relay.passed(client_address(request), found[1]):
        return LATE
    log.info("captcha page: somebody has been taken for a person")
    return DONE


def _shown(forms: Forms, told: str, page: str) -> Response:
    cookie, nonce = forms.cookie(request), secrets.token_urlsafe(16)
    html = render_template("captcha.html", told=told, page=page, form=forms.sign(cookie), nonce=nonce)
    frames = "frame-src https://" + urlsplit(page).netloc if page else "frame-src 'none'"
    return forms.respond(html, cookie, f"script-src 'nonce-{nonce}'", frames)
