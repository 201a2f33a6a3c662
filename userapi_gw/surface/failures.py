"""What becomes of an exception: a line in the log, and a row of the table in `errors`."""

import logging

from flask import Request
from sqlalchemy.exc import SQLAlchemyError

from userapi_gw.errors import TABLE, CaptchaNeeded, Failure, Kind, Outcome, explain
from userapi_gw.gateway import Gateway
from userapi_gw.state import Session, is_away
from userapi_gw.surface.hosts import client_address


def outcome_of(error: Exception, log: logging.Logger, what: str) -> Outcome:
    """Log whatever was raised in `what`, with its traceback if nobody foresaw it, and return how it shows."""
    if is_away(error):
        error = Failure(Kind.STATE_AWAY, explain(error))
    if not isinstance(error, Failure):
        log.error("%s failed", what, exc_info=error)
        return TABLE[Kind.INTERNAL]
    log.log(error.outcome.level, "%s: %s", what, error)
    return error.outcome


def end_if_refused(error: Exception, log: logging.Logger, gateway: Gateway, session: Session | None) -> None:
    """End everything that is built on a token, when the backend refused it."""
    if session is None or not isinstance(error, Failure) or error.kind is not Kind.TOKEN_REFUSED:
        return
    try:
        gateway.end(session)
    except SQLAlchemyError as trouble:  # the program comes again, and finds the token refused again
        outcome_of(trouble, log, "the end of a session")


def keep_if_captcha(
    error: Exception, log: logging.Logger, gateway: Gateway, session: Session | None, request: Request
) -> None:
    """Remember the captcha the backend wants solved, if that is what is wrong: a program asks for a picture next."""
    if not isinstance(error, CaptchaNeeded):
        return
    try:
        gateway.relay.keep(session.viewer if session else 0, client_address(request), error)
    except SQLAlchemyError as trouble:  # the backend asks for another the next time
        outcome_of(trouble, log, "a captcha of the backend")
