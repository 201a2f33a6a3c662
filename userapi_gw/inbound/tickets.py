"""Hidden fields of the app's forms: they name the session a page was made for, signed, so that nobody else sends them.

Cookies would not do: browsers keep few of them in frames of other sites.
"""

from itsdangerous import BadSignature, URLSafeTimedSerializer

from userapi_gw.errors import Failure, Kind
from userapi_gw.state import Session
from userapi_gw.state.sessions import Sessions

TICKET_SECONDS = 3600
"""How long a page may lie open."""


class Tickets:
    """Tickets for the pages of all sites. A ticket is for one site and one page, and ends with its session."""

    def __init__(self, secret_key: str, sessions: Sessions) -> None:
        self._signer = URLSafeTimedSerializer(secret_key, salt="userapi_gw community page")
        self._sessions = sessions

    def issue(self, site: int, page: str, sid: str) -> str:
        """Return the hidden field for a page that was made for a session."""
        return str(self._signer.dumps([site, page, sid]))

    def redeem(self, site: int, page: str, ticket: str) -> tuple[str, Session]:
        """Return sid and session of a page. Raises `Failure(NO_SESSION)` for a ticket that is none, or too old."""
        try:
            found = self._signer.loads(ticket, max_age=TICKET_SECONDS)
        except BadSignature:
            raise Failure(Kind.NO_SESSION, "no ticket") from None
        sid = found[2] if found[:2] == [site, page] else ""
        session = self._sessions.find(sid)
        if session is None or session.site != site:
            raise Failure(Kind.NO_SESSION, "the ticket of another page, or of a session that has ended")
        return sid, session
