"""`/login`: what an old program cannot ask for. A second factor, a captcha of the backend's, a token somebody brings.

A page for browsers, without scripts. Secrets stand in the bodies of requests only, never in an answer or an address.
"""

import logging
import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import Blueprint, Request, Response, render_template, request

from userapi_gw.acts import emails
from userapi_gw.acts.logins import LoginRefused
from userapi_gw.acts.parameters import Parameters
from userapi_gw.acts.register import LONGEST_PASSWORD
from userapi_gw.backend.client import API_VERSION
from userapi_gw.backend.model import Grant
from userapi_gw.backend.oauth import SCOPE
from userapi_gw.errors import Failure, Kind, PersonNeeded
from userapi_gw.gateway import Gateway
from userapi_gw.surface.failures import outcome_of
from userapi_gw.surface.forms import Forms
from userapi_gw.surface.hosts import client_address
from userapi_gw.surface.request import form_parameters
from userapi_gw.surface.serving import serving

log = logging.getLogger(__name__)

SHORTEST_PASSWORD = 8
"""Characters; a pair that stands for a token is the only thing between a stranger and the account."""

_TOKEN = re.compile(r"(?:.*[#?&]access_token=)?([A-Za-z0-9._-]{8,1000})(?:&.*)?", re.S)
"""A token, or the address of the blank page VK shows after a login, which holds it."""

TEXTS = {
    Kind.WRONG_PASSWORD: "E-mail address, password or code is not right.",
    Kind.CAPTCHA: "Type the characters of the picture, too.",
    Kind.TOKEN_REFUSED: "The backend does not take this token, at least not from the gateway's address.",
    Kind.TAKEN: "This e-mail address stands for somebody else here. Choose another name.",
    Kind.FLOOD: "The backend has seen too many logins. Try again later.",
    Kind.NOT_FOUND: "This account was deleted or banned.",
    Kind.FORBIDDEN: "This account was deleted or banned.",
    Kind.BACKEND_AWAY: "The backend does not answer. Try again later.",
    Kind.UNSUPPORTED: "The backend takes no passwords. Bring a token.",
}
"""What people are told; anything else is a failure of the gateway or its backend."""
WRONG_CAPTCHA = "The characters of the picture are not right."
BROKEN = "Something went wrong. The operator's log tells more."


def blueprint(gateway: Gateway) -> Blueprint:
    """Return the route of the page, on any host name."""
    routes = Blueprint("login_page", __name__)
    forms = Forms(gateway.settings.load_secret_key(), "/login")

    @routes.route("/login", methods=["GET", "POST"])
    def login() -> Response:
        return _Page(gateway, forms, request).response()

    return routes


@dataclass(frozen=True, slots=True)
class _Told:
    """What the page says after a form was sent. `phone` and `page` are those of `PersonNeeded`."""

    text: str = ""
    is_done: bool = False
    asks_for_code: bool = False
    asks_for_captcha: bool = False
    phone: str = ""
    page: str = field(default="", repr=False)


class _Page:
    """One request to `/login`."""

    def __init__(self, gateway: Gateway, forms: Forms, request: Request) -> None:
        self._gateway, self._forms, self._request = gateway, forms, request
        self._address = client_address(request)

    def response(self) -> Response:
        """Show the forms, and what became of the one that was sent."""
        told = _Told() if self._request.method == "GET" else self._sent()
        cookie = self._forms.cookie(self._request)
        settings = self._gateway.settings
        html = render_template(
            "login.html",
            told=told,
            form=self._forms.sign(cookie),
            page=told.page,
            captcha_waits=bool(self._gateway.relay.page(self._address)),
            csid=secrets.token_hex(8) if told.asks_for_captcha else "",
            token_address=_token_address(settings.oauth_url, settings.vk_client_id),
            days=settings.unlocked_days,
            shortest=SHORTEST_PASSWORD,
        )
        return self._forms.respond(html, cookie, "img-src 'self'")

    def _sent(self) -> _Told:
        try:
            with serving(self._gateway, self._request):
                return self._logged_in(form_parameters(self._request))
        except LoginRefused as refused:
            text = WRONG_CAPTCHA if refused.captcha_wrong else TEXTS[refused.kind]
            return _Told(text, asks_for_captcha=refused.captcha_next)
        except PersonNeeded as needed:
            log.info("login page: %s", needed)
            return self._step(needed)
        except Exception as error:
            outcome_of(error, log, "login page")
            return _Told(TEXTS.get(error.kind, BROKEN) if isinstance(error, Failure) else BROKEN)

    def _logged_in(self, sent: Parameters) -> _Told:
        if not self._forms.is_ours(self._request, sent.text("form")):
            return _Told("The form was too old, or cookies are turned off. Fill it in again.")
        grant = self._adopted(sent) if sent.has("token") else self._unlocked(sent)
        if isinstance(grant, str):
            return _Told(grant)
        log.info("login page: user %d may log in", grant.user_id)
        return _Told(f"You are user {grant.user_id}.", is_done=True)

    def _unlocked(self, sent: Parameters) -> Grant:
        return self._gateway.logins.unlock(sent, self._gateway.gate(0, self._address))

    def _adopted(self, sent: Parameters) -> Grant | str:
        """Let the pair of the form stand for its token; or return what is wrong with them."""
        found = _TOKEN.fullmatch(sent.text("token").strip())
        if found is None:
            return "That is no token."
        if not 0 < len(sent.text("email").strip()) <= emails.LONGEST:
            return "Choose an e-mail address, or any name, for the old program."
        if not SHORTEST_PASSWORD <= len(sent.text("pass")) <= LONGEST_PASSWORD:
            return f"Choose a password of at least {SHORTEST_PASSWORD} characters."
        return self._gateway.logins.adopt(found[1], sent, self._gateway.gate(0, self._address))

    def _step(self, needed: PersonNeeded) -> _Told:
        """The step the backend asks for. Addresses it names are told only if they are its own."""
        page = needed.page if self._gateway.relay.is_safe(needed.page) else ""
        if needed.asks_for_code:
            return _Told("Type the code of your second factor, too.", asks_for_code=True, phone=needed.phone, page=page)
        return _Told("The backend takes no password here. Bring a token.", page=page)


def _token_address(oauth_url: str, client_id: str) -> str:
    """Where VK gives people a token, by OAuth's implicit flow; `""` without an application."""
    if not client_id:
        return ""
    asked = {
        "client_id": client_id,
        "redirect_uri": f"{oauth_url}/blank.html",
        "display": "page",
        "scope": SCOPE,
        "response_type": "token",
        "v": API_VERSION,
    }
    return f"{oauth_url}/authorize?{urlencode(asked)}"
