"""The app's own pages: settings, for those who manage the community, and asking for rights. Document 000, 2.2 and 2.3.

What a browser says of rights it was given (`onSettingsChanged`) is noted and lets nobody do what the backend refuses. A
key (`onGroupSettingsChanged`) is kept when the backend says that it is this community's and the viewer manages it.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from flask import Request, Response

from userapi_gw.acts.parameters import Parameters
from userapi_gw.backend.rights import names_of
from userapi_gw.errors import Failure, Kind
from userapi_gw.inbound.first_answer import name_of
from userapi_gw.inbound.managers import check_key, check_manager
from userapi_gw.inbound.place import RIGHTS, SETTINGS, Place
from userapi_gw.inbound.tickets import Tickets
from userapi_gw.state import Session
from userapi_gw.surface.request import form_parameters

_KEY = re.compile(r"[A-Za-z0-9._-]{8,1000}")
HIGHEST_MASK = 2**62
REFUSALS = frozenset({Kind.TOKEN_REFUSED, Kind.FORBIDDEN, Kind.BAD_INPUT})
"""What a backend says to a key that is none, or that may not do what it is for."""


@dataclass(frozen=True, slots=True)
class AppPages:
    """The pages of one app."""

    place: Place
    tickets: Tickets

    def shown(self, page: str, sid: str, session: Session, api_result: str = "", told: str = "") -> Response:
        """Show a page to the viewer of a session, who was let in to it."""
        values: dict[str, Any] = {"told": told, "name": name_of(api_result, session.viewer)}
        values |= {"rights": session.rights, "names": names_of(session.rights or 0)}
        values["ticket"] = self.tickets.issue(self.place.site_id, page, sid)
        if page == SETTINGS:
            kept = self.place.gateway.state.community_keys.find(self.place.app.group)
            return self.place.page(
                "app_settings.html",
                **values,
                in_settings=self.place.community.token is not None,
                kept=kept,
                key_rights=names_of(kept.rights) if kept else [],
            )
        return self.place.page("app_rights.html", **values)

    def settings_sent(self, request: Request) -> Response:
        """Keep the key a manager brings. Raises `Failure`: `FORBIDDEN` for who is none, `NO_SESSION`."""
        sent = form_parameters(request)
        sid, session = self.tickets.redeem(self.place.site_id, SETTINGS, sent.text("ticket"))
        check_manager(self.place, session)
        return self.shown(SETTINGS, sid, session, told=self._kept(sent, session))

    def rights_sent(self, request: Request) -> Response:
        """Note what the viewer's token may do now, or see whether the community may write to the viewer."""
        sent = form_parameters(request)
        sid, session = self.tickets.redeem(self.place.site_id, RIGHTS, sent.text("ticket"))
        if not sent.has("mask"):
            return self.shown(RIGHTS, sid, session, told=self._may_message(session))
        mask = _mask(sent)
        self.place.gateway.state.sessions.allow(session.grant_id, mask)
        return self.shown(RIGHTS, sid, replace(session, rights=mask), told="Noted.")

    def _kept(self, sent: Parameters, session: Session) -> str:
        key = sent.text("access_token").strip()
        if not _KEY.fullmatch(key):
            return "That is no key."
        rights = _mask(sent)
        try:
            check_key(self.place, key)
        except Failure as failure:
            if failure.kind not in REFUSALS:
                raise
            return "The backend does not take this key for one of this community."
        keys = self.place.gateway.state.community_keys
        keys.keep(self.place.app.group, key, rights=rights, giver=session.viewer)
        return "The key is kept."

    def _may_message(self, session: Session) -> str:
        """Ask the backend, with the community's key, and remember what it says for those who write."""
        state, group = self.place.gateway.state, self.place.app.group
        community = self.place.gateway.in_its_name(self.place.site_id)
        if community is None:
            return "The community has no key here, so it cannot write to you."
        try:
            allowed = community.may_message(group, session.viewer)
        except Failure as failure:
            if failure.kind not in REFUSALS:
                raise
            if failure.kind is Kind.TOKEN_REFUSED:
                state.community_keys.end(group, community.token)
            return "The community's key is no good for that. Its managers can give another."
        state.community_mail.note(group, session.viewer, allowed=allowed)
        return "The community may write to you." if allowed else "The community may not write to you."


def _mask(sent: Parameters) -> int:
    return max(0, min(sent.number("mask"), HIGHEST_MASK))
