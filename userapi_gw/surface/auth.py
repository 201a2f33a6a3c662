"""`/auth`: login and logout by redirect. UserAPI documentation, "Authorisation"."""

import logging
from dataclasses import replace

from flask import Blueprint, Request, Response, request

from userapi_gw.acts.logins import LoginRefused
from userapi_gw.acts.parameters import Parameters
from userapi_gw.backend.model import Grant
from userapi_gw.dialect import Dialect
from userapi_gw.errors import Failure
from userapi_gw.gateway import Gateway
from userapi_gw.settings import Site
from userapi_gw.state import Opened
from userapi_gw.surface.back import redirect, site_address
from userapi_gw.surface.failures import outcome_of
from userapi_gw.surface.hosts import client_address
from userapi_gw.surface.request import parameters
from userapi_gw.surface.serving import serving
from userapi_gw.surface.welcome import forget_cookies, index_address, is_framed, welcome_cookies

log = logging.getLogger(__name__)

REFUSED = -1
WRONG_CAPTCHA = -2
CAPTCHA_NEEDED = -3
NO_CAPTCHA_NEEDED = -4
"""What stands for a sid after a failed login. -4 says what -1 says to programs that know captchas."""


def blueprint(gateway: Gateway) -> Blueprint:
    """Return the routes of `/auth`, on any host name."""
    routes = Blueprint("auth", __name__)

    @routes.route("/auth", methods=["GET", "POST"])
    def auth() -> Response:
        try:
            sent = parameters(request)
        except Failure:
            sent = Parameters({})
        site = gateway.site(sent.number("site"))
        if site is None:
            log.warning("a login for site %d, which is not among the settings (sites)", sent.number("site"))
            return Response("There is no such site.\n", status=404, content_type="text/plain; charset=utf-8")
        return _Login(gateway, request, sent, site).response()

    return routes


class _Login:
    """One request to `/auth` for a site that is registered."""

    def __init__(self, gateway: Gateway, request: Request, sent: Parameters, site: Site) -> None:
        self._gateway = gateway
        self._request = request
        self._sent = sent
        self._site = site
        self._dialect: Dialect = gateway.dialect(site, request.headers.get("User-Agent", ""))

    def response(self) -> Response:
        """Redirect to the site, with a sid or the reason there is none."""
        ways = {"force": self._force, "auto": self._auto, "confirm": self._confirm, "logout": self._logout}
        way = ways.get(self._sent.text("login"))
        try:
            with serving(self._gateway, self._request):
                return way() if way else self._refuse(REFUSED)
        except Exception as error:
            return self._refuse(outcome_of(error, log, "login").redirect)

    def _force(self) -> Response:
        """Log in by e-mail and password ("Authorisation by submitting email and password").

        After too many failures a captcha is asked for (-3), which lets through one try ("Expired session handling").
        So it is when the backend asks for one of its own.
        """
        gate = self._gateway.gate(0, client_address(self._request))
        try:
            grant = self._gateway.logins.force(self._sent, gate)
        except LoginRefused as refused:
            if refused.captcha_wrong:
                return self._refuse(WRONG_CAPTCHA)
            return self._refuse(CAPTCHA_NEEDED if refused.captcha_next else self._wrong_password())
        return self._open(grant)

    def _wrong_password(self) -> int:
        """Programs that send a captcha's fields know -4, all others are sure to know -1 alone."""
        return NO_CAPTCHA_NEEDED if self._sent.has("fcsid") or self._sent.has("csid") else REFUSED

    def _auto(self) -> Response:
        """Prolong a session by cookie ("Authorisation by means of 'remixpassword' cookie")."""
        opened = self._gateway.state.sessions.prolong(self._remixpassword, self._site_id)
        if opened is None:
            return self._refuse(REFUSED, forget=bool(self._remixpassword))
        return self._welcome(opened)

    def _confirm(self) -> Response:
        """Log in by the link of an activation message, once ("First-use one-time authorisation ...").

        The backend ends its own code before ours is taken away: an account is not lost when one of them is down.
        """
        cid = self._sent.text("cid")
        code = self._gateway.state.registrations.find(cid)
        if code is None:
            return self._refuse(REFUSED)
        email = self._gateway.state.registrations.email(cid)
        grant = self._gateway.backend(None).confirm(code)
        self._gateway.state.registrations.end(cid)
        return self._open(replace(grant, email=email))

    def _logout(self) -> Response:
        """End the session and take the cookies away ("Session ID removal")."""
        sessions, sid = self._gateway.state.sessions, self._sent.text("sid")
        session = sessions.find(sid)
        sessions.close(sid, self._remixpassword)
        if session is not None:
            self._gateway.client.forget(session.viewer)
        response = redirect(f"{self._base}/index.html")
        forget_cookies(response, self._request, self._dialect)
        return response

    @property
    def _remixpassword(self) -> str:
        return self._sent.text("remixpassword") or self._request.cookies.get("remixpassword", "")

    @property
    def _site_id(self) -> int:
        return self._sent.number("site")

    def _open(self, grant: Grant) -> Response:
        """Begin a session. The address is kept for notifications."""
        sessions = self._gateway.state.sessions
        return self._welcome(sessions.open(grant.user_id, grant.token, self._site_id, email=grant.email))

    def _welcome(self, opened: Opened) -> Response:
        response = self._redirect(opened.sid)
        framed = is_framed(self._request)
        welcome_cookies(response, self._request, self._dialect, opened, framed=framed)
        return response

    def _refuse(self, reason: int, *, forget: bool = False) -> Response:
        response = self._redirect(str(reason))
        if forget:
            forget_cookies(response, self._request, self._dialect)
        return response

    def _redirect(self, sid: str) -> Response:
        """The page is the `id` the program asked for, so that it comes back to where it was."""
        page = str(max(0, self._sent.number("id")))
        return redirect(index_address(self._base, page, sid, self._dialect))

    @property
    def _base(self) -> str:
        return site_address(self._site, self._request)
