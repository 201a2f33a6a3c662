"""Has a community's events sent here: the calls a manager would make on the page "API usage", in their order."""

import secrets
import time
from collections.abc import Callable

from userapi_gw.backend.groups import CallbackServer, Groups
from userapi_gw.errors import Failure
from userapi_gw.inbound.event_meaning import KINDS
from userapi_gw.settings import Community
from userapi_gw.state.callbacks import Callbacks

TITLE = "userapi-gw"
"""What the community's managers see; VK allows 14 characters."""

PATIENCE = 30.0
"""Seconds in which the backend has to ask the gateway for the confirmation, and to be content."""

LOOK_EVERY = 0.5


class NotSetUpError(Exception):
    """The events do not come; the text says why, and what to do."""


def set_up(
    calls: Groups,
    callbacks: Callbacks,
    site: int,
    community: Community,
    url: str,
    *,
    tell: Callable[[str], None],
    patience: float = PATIENCE,
) -> None:
    """Name `url` as a callback server of a site's community, once, choose its events, and wait until it is taken.

    What the gateway has to answer and the secret events bring are kept where the running gateway finds them, before
    the backend asks. `tell` hears of each step. Raises `NotSetUpError`, and `Failure` when the backend refuses a step.
    """
    code, secret = calls.confirmation_code(community.group), _secret(callbacks, site, community)
    if community.confirmation not in ("", code):
        raise NotSetUpError(f"sites.{site}.community.confirmation: the backend expects {code}; correct or delete it")
    callbacks.arrange(site, code, secret)
    tell(f"The confirmation of community {community.group} is {code}.")
    known = next((server for server in calls.callback_servers(community.group) if server.url == url), None)
    server_id = _name(calls, community.group, url, secret, known, tell)
    calls.choose_events(community.group, server_id, KINDS)
    tell(f"Events that will be sent: {len(KINDS)} types.")
    try:
        _wait(calls, community.group, server_id, url, patience)
    except NotSetUpError:
        if known is None:  # an address that is no good, or was mistyped
            calls.delete_callback_server(community.group, server_id)
        raise
    tell(f"Server {server_id} is confirmed: events of community {community.group} come to {url}")


def _secret(callbacks: Callbacks, site: int, community: Community) -> str:
    """The one of the settings, else the one arranged before, else a new one."""
    if community.callback_secret is not None:
        return community.callback_secret.get_secret_value()
    return callbacks.site(site).secret or secrets.token_urlsafe(24)


def _name(
    calls: Groups, group: int, url: str, secret: str, known: CallbackServer | None, tell: Callable[[str], None]
) -> int:
    """Return the number of the server: the one that is `known` already, brought up to date, or a new one."""
    if known is None:
        server_id = calls.add_callback_server(group, url, TITLE, secret)
        tell(f"Server {server_id} was added.")
        return server_id
    if known.secret != secret or known.status != "ok":
        calls.edit_callback_server(group, known.id, url, TITLE, secret)
        tell(f"Server {known.id} is there already and was changed.")
    else:
        tell(f"Server {known.id} is there already.")
    return known.id


def _wait(calls: Groups, group: int, server_id: int, url: str, patience: float) -> None:
    """Wait until the backend takes the server. Raises `NotSetUpError` when it does not."""
    deadline, status = time.monotonic() + patience, ""
    while status != "ok":
        status = _status(calls.callback_servers(group), server_id)
        if status == "failed":
            raise NotSetUpError(f"the backend did not get the confirmation from {url}: is that the running gateway?")
        if status != "ok" and time.monotonic() > deadline:
            raise NotSetUpError(f"the backend has not asked {url} within {patience:.0f} seconds (status {status!r})")
        if status != "ok":
            time.sleep(LOOK_EVERY)


def _status(servers: list[CallbackServer], server_id: int) -> str:
    return next((server.status for server in servers if server.id == server_id), "gone")


def explain_refusal(failure: Failure, group: int) -> str:
    """Return one line about a step the backend refused."""
    return f"the backend refused: {failure} (does the key of community {group} have the right to manage it?)"
