"""Who gets in: by a password the backend takes, by a pair that stands for a token, by a token somebody brings.

UserAPI documentation, "Authorisation by submitting email and password" and "Expired session handling".
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from userapi_gw.acts.emails import is_email
from userapi_gw.acts.gate import Gate
from userapi_gw.acts.parameters import Parameters
from userapi_gw.backend import on_behalf
from userapi_gw.backend.client import Client
from userapi_gw.backend.model import Grant
from userapi_gw.backend.on_behalf import Solved
from userapi_gw.errors import CaptchaNeeded, Failure, Kind
from userapi_gw.state.attempts import Attempts
from userapi_gw.state.unlocked import Unlocked, UnlockedAccounts

log = logging.getLogger(__name__)


class LoginRefused(Failure):
    """Nobody gets in: `password_wrong` (or a code), or the captcha that was sent; the next try may need one."""

    def __init__(
        self, *, password_wrong: bool = False, captcha_wrong: bool = False, captcha_next: bool = False
    ) -> None:
        super().__init__(Kind.WRONG_PASSWORD if password_wrong else Kind.CAPTCHA)
        self.password_wrong, self.captcha_wrong, self.captcha_next = password_wrong, captcha_wrong, captcha_next


@dataclass(frozen=True, slots=True)
class Logins:
    """The logins of one backend. All methods raise `Failure`.

    `sent` holds `email`, `pass`, the `code` of a second factor, and a captcha's fields. Too many that are wrong, and a
    captcha has to be among them.
    """

    client: Client
    attempts: Attempts
    unlocked: UnlockedAccounts

    def force(self, sent: Parameters, gate: Gate) -> Grant:
        """Log in an old program: the pair may stand for a token, else the backend is asked.

        Raises `LoginRefused`, `PersonNeeded`, and `NOT_FOUND` for an account the backend has deleted or banned.
        """
        return self._counted(sent, gate, kept_counts=True)

    def unlock(self, sent: Parameters, gate: Gate) -> Grant:
        """Log in with a second factor, for which the pair stands from now on. Raises as `force` does."""
        grant = self._counted(sent, gate, kept_counts=False)
        found = Unlocked(grant.user_id, grant.token)
        self.unlocked.keep(_email(sent), sent.text("pass"), found, is_theirs=True)
        return grant

    def adopt(self, token: str, sent: Parameters, gate: Gate) -> Grant:
        """Let a pair that somebody has made up stand for the token they bring.

        Raises `TOKEN_REFUSED` when it is none, `TAKEN` when the address stands for somebody else, and as `force` does.
        """
        with self.attempts.turn(_email(sent), gate.address):
            self._admit(sent, gate)
            try:
                with _relaying(gate, gate.relay.solved(sent)):
                    grant = Grant(self.client.whose(token), token)
            except Failure as failure:
                if failure.kind is Kind.TOKEN_REFUSED:
                    self.attempts.failed(_email(sent), gate.address)
                raise
        found = Unlocked(grant.user_id, token)
        if not self.unlocked.keep(_email(sent), sent.text("pass"), found, is_theirs=False):
            raise Failure(Kind.TAKEN, "an address stands for somebody else")
        return grant

    def _counted(self, sent: Parameters, gate: Gate, *, kept_counts: bool) -> Grant:
        with self.attempts.turn(_email(sent), gate.address):
            return self._in_turn(sent, gate, kept_counts=kept_counts)

    def _in_turn(self, sent: Parameters, gate: Gate, *, kept_counts: bool) -> Grant:
        email, solved = _email(sent), gate.relay.solved(sent)
        try:
            self._admit(sent, gate)
        except LoginRefused:
            if solved is None:
                raise
            kept_counts = False  # only the backend sees whether its captcha is right: no guessing of what is kept here
        kept = self.unlocked.find(email, sent.text("pass")) if kept_counts else None
        try:
            with _relaying(gate, solved):
                grant = (self._by_kept(kept) if kept else None) or self._by_backend(sent)
        except LoginRefused:
            raise
        except Failure as failure:
            guessed = kept_counts and kept is None and self.unlocked.knows(email)
            if failure.kind is not Kind.WRONG_PASSWORD and not guessed:
                raise
            log.log(failure.outcome.level, "login: %s", failure)
            limit_reached = self.attempts.failed(email, gate.address)
            raise LoginRefused(password_wrong=True, captcha_next=limit_reached) from None
        self.attempts.succeeded(email, gate.address)
        return grant

    def _admit(self, sent: Parameters, gate: Gate) -> None:
        if not self.attempts.allowed(_email(sent), gate.address):
            solved = gate.solved(sent)
            if not solved:
                raise LoginRefused(captcha_wrong=solved is not None, captcha_next=True)

    def _by_kept(self, kept: Unlocked) -> Grant | None:
        """None when the backend does not take the token any more; nothing stands for it then."""
        try:
            self.client.whose(kept.token)
        except Failure as failure:
            if failure.kind is not Kind.TOKEN_REFUSED:
                raise
            self.unlocked.end(kept.viewer, kept.token)
            return None
        return Grant(kept.viewer, kept.token)

    def _by_backend(self, sent: Parameters) -> Grant:
        """A server hands out tokens for accounts that are deleted or banned, too; their first call tells."""
        grant = self.client.grant(_email(sent), sent.text("pass"), sent.text("code").strip())
        if self.client.whose(grant.token) != grant.user_id:
            raise Failure(Kind.BACKEND_BROKEN, "token: of somebody else")
        # A telephone number or a name opens accounts, too, and a made-up pair's address may be anybody's.
        return replace(grant, email=_email(sent)) if is_email(_email(sent)) else grant


@contextmanager
def _relaying(gate: Gate, solved: Solved | None) -> Iterator[None]:
    """Ask the backend with the answer to its captcha; what it wants to have read next waits at the gate."""
    try:
        with on_behalf.solving(solved or gate.proof()):
            yield
    except CaptchaNeeded as needed:
        gate.relay.keep(0, gate.address, needed)
        raise LoginRefused(captcha_wrong=solved is not None, captcha_next=True) from None


def _email(sent: Parameters) -> str:
    return sent.text("email").strip()
