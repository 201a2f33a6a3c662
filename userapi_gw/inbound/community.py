"""`/app/{site}`: a site inside a VK community. Document 000, "Community App Documentation"."""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from time import time

from flask import Blueprint, Request, Response, request

from userapi_gw.errors import Failure, Kind
from userapi_gw.gateway import Gateway
from userapi_gw.inbound.app_pages import AppPages
from userapi_gw.inbound.launch import EDITOR, OPEN_AGAIN, Launch, check_place, verified
from userapi_gw.inbound.launch_parameters import SNIPPET, LaunchRefused, launch_parameters
from userapi_gw.inbound.managers import check_manager
from userapi_gw.inbound.place import RIGHTS, SETTINGS, Place, place_of
from userapi_gw.inbound.snippets import Snippets
from userapi_gw.inbound.tickets import Tickets
from userapi_gw.state import Opened, Session
from userapi_gw.surface.back import redirect
from userapi_gw.surface.failures import outcome_of
from userapi_gw.surface.login_page import BROKEN, TEXTS
from userapi_gw.surface.serving import serving
from userapi_gw.surface.welcome import index_address, welcome_cookies

log = logging.getLogger(__name__)

_PAGE = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What may stand between `#` and `;sid=` of a site's address."""
FIRST_PAGE = "0"

TOLD = {
    Kind.TOKEN_REFUSED: TEXTS[Kind.TOKEN_REFUSED],
    Kind.NOT_FOUND: TEXTS[Kind.NOT_FOUND],
    Kind.BACKEND_AWAY: TEXTS[Kind.BACKEND_AWAY],
    Kind.FLOOD: "The backend has had too many calls. Try again later.",
    Kind.UNSUPPORTED: "The backend knows no communities.",
    Kind.BAD_INPUT: "That is no form of this page.",
    Kind.FORBIDDEN: "This is for those who manage the community.",
    Kind.NO_SESSION: "The page was open for too long. Open the app again in VK.",
}
"""What people are told; anything else is a failure of the gateway or its backend."""
THEIRS = TOLD.keys() - {Kind.BACKEND_AWAY, Kind.FLOOD}


def blueprint(gateway: Gateway) -> Blueprint:
    """Return the routes of the apps of all sites."""
    routes = Blueprint("community", __name__)
    tickets = Tickets(gateway.settings.load_secret_key(), gateway.state.sessions)
    snippets = Snippets(gateway)

    def visit(site_id: int, what: Callable[["Visit"], Response]) -> Response:
        place = place_of(gateway, site_id)
        if place is None:
            return Response("There is no such app.\n", status=404, content_type="text/plain; charset=utf-8")
        return Visit(place, snippets, tickets, request).response(what)

    @routes.get("/app/<int:site_id>")
    def launch(site_id: int) -> Response:
        return visit(site_id, Visit.launch)

    @routes.get("/app/<int:site_id>/installed")
    def installed(site_id: int) -> Response:
        return visit(site_id, Visit.installed)

    @routes.post(f"/app/<int:site_id>/{SETTINGS}")
    def settings(site_id: int) -> Response:
        return visit(site_id, lambda one: one.pages.settings_sent(request))

    @routes.post(f"/app/<int:site_id>/{RIGHTS}")
    def rights(site_id: int) -> Response:
        return visit(site_id, lambda one: one.pages.rights_sent(request))

    return routes


class Visit:
    """One request to the app of a site."""

    def __init__(self, place: Place, snippets: Snippets, tickets: Tickets, request: Request) -> None:
        self._place, self._gateway, self._snippets, self._request = place, place.gateway, snippets, request
        self.pages = AppPages(place, tickets)

    def response(self, what: Callable[["Visit"], Response]) -> Response:
        """Do what was asked; whatever goes wrong becomes a page that says so."""
        try:
            with serving(self._gateway, self._request):
                return what(self)
        except LaunchRefused as refused:
            log.info("app of site %d: %s", self._place.site_id, refused)
            return self._told(f"Not opened: {refused.reason}.", 403)
        except Exception as error:
            outcome_of(error, log, f"app of site {self._place.site_id}")
            kind = error.kind if isinstance(error, Failure) else Kind.INTERNAL
            return self._told(TOLD.get(kind, BROKEN), 403 if kind in THEIRS else 503)

    def launch(self) -> Response:
        """Let in whom VK sends; everybody else sees what the app is (3.2, "Forming snippets")."""
        if self._request.method == "HEAD":  # uses up no launch
            return self._front()
        sent = launch_parameters(self._request.query_string)
        if sent.keys() <= SNIPPET:
            check_place(sent.get("api_id", ""), sent.get("group_id", ""), self._place.app, partly=True)
            return self._front()
        return self._let_in(verified(sent, self._place.app, time(), self._gateway.settings.launch_seconds))

    def installed(self) -> Response:
        """Tell a manager that the app was installed. Nothing changes: anybody may say so (3.3)."""
        sent = launch_parameters(self._request.query_string)
        app, group = sent.get("aid", ""), sent.get("gid", "")
        if app != str(self._place.app.app) or group in ("", "0"):
            raise LaunchRefused("another app was installed")
        is_ours = group == str(self._place.app.group)
        return self._place.page("app.html", installed=group, is_ours=is_ours, about=self._snippets.of(self._place))

    def _let_in(self, launch: Launch) -> Response:
        launch = self._with_token(launch)
        session = Session(launch.viewer, launch.token, self._place.site_id, 0, launch.rights)
        if launch.page == SETTINGS:
            if launch.role < EDITOR:
                raise LaunchRefused("the settings are for the community's editors and administrators")
            check_manager(self._place, session)
        if not self._gateway.state.launches.use(self._place.app.app, launch.sign, launch.until):
            raise LaunchRefused(OPEN_AGAIN)
        sessions = self._gateway.state.sessions
        opened = sessions.open(launch.viewer, launch.token, self._place.site_id, launch.rights)
        log.info("app of site %d: user %d is in", self._place.site_id, launch.viewer)
        if launch.page in (SETTINGS, RIGHTS):
            return self.pages.shown(launch.page, opened.sid, session, launch.api_result)
        return self._redirect(launch, opened)

    def _with_token(self, launch: Launch) -> Launch:
        """Return a launch of somebody with a token of theirs: whose it is, the backend tells, not the launch.

        VK Mini Apps bring none. Then it is the one the viewer gave on the login page, if there is one.
        """
        if not launch.viewer:
            raise LaunchRefused("nobody is logged in at VK: log in there and open the app again")
        if not launch.token:
            launch = replace(launch, token=self._gateway.state.unlocked.token_of(launch.viewer), rights=None)
        if not launch.token:
            raise LaunchRefused("the launch brings no access token, and none of yours is known from /login")
        if self._gateway.client.whose(launch.token) != launch.viewer:
            raise LaunchRefused("the access token is somebody else's")
        return launch

    def _redirect(self, launch: Launch, opened: Opened) -> Response:
        """Go on to the site as a login does. Browsers are told the public address: VK's frame is on https."""
        site = self._place.site
        dialect = self._gateway.dialect(site, self._request.headers.get("User-Agent", ""))
        page = launch.page if _PAGE.fullmatch(launch.page) else FIRST_PAGE
        response = redirect(index_address(self._gateway.site_url(site), page, opened.sid, dialect))
        response.headers["Referrer-Policy"] = "no-referrer"
        welcome_cookies(response, self._request, dialect, opened, framed=True)
        return response

    def _front(self) -> Response:
        return self._place.page("app.html", about=self._snippets.of(self._place))

    def _told(self, text: str, status: int) -> Response:
        return self._place.page("app.html", status, told=text)
