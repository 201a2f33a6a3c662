"""What a launch of an app says, and how far it is believed. Document 000, 2.1 and 3.1.

| signed as | proves | the viewer's word alone |
|---|---|---|
| `vk_*` (form 3) | viewer, app, community, role, time | - |
| values (forms 1, 2) with `auth_key` | viewer, app | community, role, rights, time |

Nothing is decided by what is the viewer's word: rights spare calls that the backend would refuse, a role is asked of
the backend, and a launch of forms 1 and 2 is remembered for good, because its time could be moved elsewhere. Whose the
`access_token` is, the backend tells whatever the form.
"""

from dataclasses import dataclass, field

from userapi_gw.backend.rights import mask_of
from userapi_gw.inbound import signatures
from userapi_gw.inbound.launch_parameters import LaunchRefused

ROLES = ("none", "member", "moder", "editor", "admin")
"""`vk_viewer_group_role` by `viewer_type`."""
EDITOR = 3
AHEAD_SECONDS = 60
"""By how much VK's clock may be ahead of ours."""
REMEMBERED_SECONDS = 86_400 + AHEAD_SECONDS
"""How long a launch with a time that is signed is remembered: no setting lets in an older one."""
COUNTED = frozenset({"api_id", "viewer_id", "group_id", "viewer_type", "api_settings", "timestamp"})
"""Parameters of forms 1 and 2 that `sign_keys` has to name if they were sent. `auth_key` proves itself."""
NEEDED = ("api_id", "viewer_id", "group_id", "auth_key")
NEEDED_OF_MINI_APP = ("vk_app_id", "vk_user_id", "vk_group_id", "vk_ts")

OPEN_AGAIN = "the launch was used or is too old: open the app again in VK"


@dataclass(frozen=True, slots=True)
class App:
    """An app of a community, with its secure key."""

    app: int
    group: int
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Launch:
    """A launch that its app's secure key has signed, in time.

    `role` is VK's `viewer_type` (0 nobody, 1 follower, 2 moderator, 3 editor, 4 administrator), `rights` its bit mask
    of what the token may do (None: not told). `until` is when the launch is too old for any
    setting (unix seconds); None: never for sure.
    """

    viewer: int
    role: int
    rights: int | None
    token: str = field(repr=False)
    page: str
    api_result: str = field(repr=False)
    sign: str = field(repr=False)
    until: float | None


def verified(sent: dict[str, str], app: App, now: float, launch_seconds: float) -> Launch:
    """Return what a launch says; raises `LaunchRefused` when it is not one of this app in its community, or too old."""
    is_mini = signatures.is_of_mini_app(sent)
    _need(sent, ("sign", *(NEEDED_OF_MINI_APP if is_mini else NEEDED)))
    return (_of_mini_app if is_mini else _of_values)(sent, app, now, launch_seconds)


def _of_values(sent: dict[str, str], app: App, now: float, launch_seconds: float) -> Launch:
    """Forms 1 and 2. All is checked before anything is told, so that nobody learns which part of a guess was right."""
    bound = signatures.same(sent["auth_key"], signatures.auth_key(sent["api_id"], sent["viewer_id"], app.secret))
    if not signatures.is_signed(sent, app.secret) & bound & _names_what_counts(sent):
        raise LaunchRefused("the launch is not signed by this app")
    check_place(sent["api_id"], sent["group_id"], app)
    if "timestamp" in sent:
        _check_time(int(sent["timestamp"]), now, launch_seconds)
    rights = int(sent["api_settings"]) if "api_settings" in sent else None
    return _launch(sent, sent["viewer_id"], int(sent.get("viewer_type", 0)), rights, None)


def _of_mini_app(sent: dict[str, str], app: App, now: float, launch_seconds: float) -> Launch:
    """Form 3. What is beside it and not signed must not look as if it were part of it."""
    if COUNTED & sent.keys():
        raise LaunchRefused("the launch has two forms at once")
    if not signatures.is_signed(sent, app.secret):
        raise LaunchRefused("the launch is not signed by this app")
    check_place(sent["vk_app_id"], sent["vk_group_id"], app)
    moment = int(sent["vk_ts"])
    _check_time(moment, now, launch_seconds)
    told = sent.get("vk_access_token_settings")
    rights = None if told is None else mask_of(told.split(","))
    role = ROLES.index(sent.get("vk_viewer_group_role", "none"))
    return _launch(sent, sent["vk_user_id"], role, rights, moment + REMEMBERED_SECONDS)


def _launch(sent: dict[str, str], viewer: str, role: int, rights: int | None, until: float | None) -> Launch:
    return Launch(
        viewer=int(viewer),
        role=role,
        rights=rights,
        token=sent.get("access_token", ""),
        page=sent.get("hash", ""),
        api_result=sent.get("api_result", ""),
        sign=sent["sign"],
        until=until,
    )


def _need(sent: dict[str, str], names: tuple[str, ...]) -> None:
    for name in names:
        if not sent.get(name):
            raise LaunchRefused(f"the launch has no {name}")


def _names_what_counts(sent: dict[str, str]) -> bool:
    if "sign_keys" not in sent:
        return True
    named = sent["sign_keys"].split(",")
    return len(set(named)) == len(named) and set(named) <= sent.keys() and (COUNTED & sent.keys()) <= set(named)


def check_place(app_id: str, group_id: str, app: App, *, partly: bool = False) -> None:
    """Raise `LaunchRefused` for another app or community. `partly`: what is not told (`""`) is passed over."""
    if app_id != str(app.app) and (app_id or not partly):
        raise LaunchRefused("the launch is one of another app")
    if group_id != str(app.group) and (group_id or not partly):
        raise LaunchRefused("the app was not opened in the community of this site")


def _check_time(moment: int, now: float, launch_seconds: float) -> None:
    if not moment - AHEAD_SECONDS <= now <= moment + launch_seconds:
        raise LaunchRefused(OPEN_AGAIN)
