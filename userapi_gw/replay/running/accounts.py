"""Who a capture's people are on the new server."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from userapi_gw.replay.exchange import AUTH, Exchange
from userapi_gw.replay.running.bindings import REMIXPASSWORD, SID, is_sid, sid_of

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Account:
    """An e-mail address and its password on the new server."""

    email: str
    password: str = field(repr=False)

    @property
    def parameters(self) -> dict[str, str]:
        """What a login says instead of what it said, as bytes."""
        return {
            name: text.encode().decode("latin-1") for name, text in (("email", self.email), ("pass", self.password))
        }

    def login(self, site: int) -> Exchange:
        """Return the request that logs in, a form: addresses stand in the logs of servers."""
        form = urlencode({"login": "force", "site": site, "email": self.email, "pass": self.password})
        return Exchange(0, None, "POST", AUTH, (("Content-Type", FORM),), form.encode())


@dataclass(frozen=True, slots=True)
class Accounts:
    """Accounts by the e-mail address, or the sid, they had in the capture; `everybody` for all others."""

    by_name: dict[str, Account] = field(default_factory=dict)
    everybody: Account | None = None

    def of(self, name: str) -> Account | None:
        """Return whom somebody of the capture is now; None when nobody said."""
        return self.by_name.get(name, self.everybody)

    def instead(self, exchange: Exchange) -> dict[str, str]:
        """Return what a recorded login says instead of its old address and password.

        One that failed then is to fail again, and is left as it is: it would count against the new account.
        """
        sent = exchange.parameters
        if exchange.path != AUTH or sent.get("login") != "force" or failed(exchange):
            return {}
        account = self.of(sent.get("email", ""))
        return account.parameters if account else {}

    def needed(self, exchange: Exchange) -> tuple[str, str, Account] | None:
        """Return kind, value and account of a sid (or cookie) that was given out before the capture began.

        None when the request has none, nobody said whose it is, or the old server did not know it either.
        """
        sent = exchange.parameters
        kind = REMIXPASSWORD if exchange.path == AUTH else SID
        value = sent.get(kind, "") or (_cookie(exchange) if kind == REMIXPASSWORD else "")
        account = self.of(value)
        if account is None or not is_sid(value) or refused(exchange) or (kind == REMIXPASSWORD and failed(exchange)):
            return None
        return kind, value, account


def failed(exchange: Exchange) -> bool:
    """Tell whether a login is known to have ended without a sid."""
    return exchange.status is not None and not is_sid(sid_of(exchange))


def refused(exchange: Exchange) -> bool:
    """Tell whether an answer is the protocol's "no session"."""
    return exchange.body.replace(b" ", b"").endswith((b'{"ok":-1}', b'{"ok":-1});'))


def _cookie(exchange: Exchange) -> str:
    pairs = (part.strip().partition("=") for part in exchange.request_header("Cookie").split(";"))
    return next((value for name, _, value in pairs if name == REMIXPASSWORD), "")
