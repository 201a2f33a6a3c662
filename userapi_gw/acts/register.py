"""Registration. UserAPI documentation, "Registration of new users"."""

import logging

from userapi_gw.acts.call import Call
from userapi_gw.acts.emails import is_email
from userapi_gw.acts.parameters import Parameters
from userapi_gw.acts.registry import act
from userapi_gw.backend.newcomers import Newcomer
from userapi_gw.errors import Failure, Kind
from userapi_gw.state import is_away

log = logging.getLogger(__name__)

REGISTERED, IMPOSSIBLE = 1, 0
WRONG_CAPTCHA, NO_NAME, NO_SURNAME, NO_EMAIL, SHORT_PASSWORD, ALREADY, BANNED = range(-1, -8, -1)
"""The bare numbers of the documentation; 0 is ours: the site is not registered or the backend takes nobody new."""

LONGEST_NAME = 64
SHORTEST_PASSWORD, LONGEST_PASSWORD = 6, 1000


@act("register", "Registration of new users", form="whole", login=False, writes=True)
def register(call: Call) -> int:
    """Make an account and send its activation link by mail: the bare number 1, or 0 and below for what is wrong."""
    newcomer = _newcomer(call.parameters)
    fault = _fault(newcomer)
    if fault:
        return fault
    if call.registrar.bans(newcomer.email):
        return BANNED
    site_id = call.parameters.number("site")
    if site_id not in call.registrar.sites:
        return IMPOSSIBLE
    # A captcha works once: neither a typing mistake nor a limit, which counts registrations alone, must cost it.
    if not call.gate.would_admit("register"):
        raise Failure(Kind.FLOOD, "register")
    if not call.gate.solved(call.parameters):
        return WRONG_CAPTCHA
    if not call.gate.admits("register"):
        raise Failure(Kind.FLOOD, "register")
    return _sign_up(call, site_id, newcomer)


def _sign_up(call: Call, site_id: int, newcomer: Newcomer) -> int:
    try:
        code = call.backend.sign_up(newcomer)
    except Failure as failure:
        log.log(failure.outcome.level, "registration: %s", failure)
        return ALREADY if failure.kind is Kind.TAKEN else IMPOSSIBLE
    return REGISTERED if _invited(call, site_id, newcomer, code) else IMPOSSIBLE


def _invited(call: Call, site_id: int, newcomer: Newcomer, code: str) -> bool:
    """Send the link. Where it cannot go out nobody could confirm, and the address must not stay taken."""
    try:
        call.registrar.invite(site_id, newcomer.email, code)
    except Exception as error:
        call.backend.withdraw(code)
        if not is_away(error):
            raise
        log.error("registration: the letter cannot be kept: %s", type(error).__name__)
        return False
    return True


def _newcomer(parameters: Parameters) -> Newcomer:
    sex = parameters.number("sex")
    school = parameters.number("school") or parameters.number("s")  # the documentation's sample says `s`
    return Newcomer(
        first_name=_name(parameters.text("fn")),
        last_name=_name(parameters.text("ln")),
        email=parameters.text("email").strip(),
        password=parameters.text("pass"),
        sex=sex if sex in (1, 2) else 0,
        school=school if 0 < school < 10**9 else 0,
        year=year if 1900 <= (year := parameters.number("year")) <= 2100 else 0,
    )


def _name(text: str) -> str:
    """One line without control characters; what no name is that long is none at all."""
    name = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return name if len(name) <= LONGEST_NAME else ""


def _fault(newcomer: Newcomer) -> int:
    """The first thing that is wrong with the fields, 0 when nothing is."""
    if not newcomer.first_name:
        return NO_NAME
    if not newcomer.last_name:
        return NO_SURNAME
    if not is_email(newcomer.email):
        return NO_EMAIL
    return 0 if SHORTEST_PASSWORD <= len(newcomer.password) <= LONGEST_PASSWORD else SHORT_PASSWORD
