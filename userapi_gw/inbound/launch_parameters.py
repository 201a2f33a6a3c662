"""The parameters of a launch: read strictly, because they are signed. Document 000, 2.1 ("Launch parameters")."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from userapi_gw.errors import Failure, Kind

MOST_BYTES = 131_072
MOST_PARAMETERS = 100
SNIPPET = frozenset({"api_url", "api_id", "group_id"})
"""All that VK's robot sends when it makes a snippet (3.2, "Forming snippets")."""

_ID = r"0|[1-9][0-9]{0,14}"
_FLAG = r"[01]?"
_TIME = r"[1-9][0-9]{9}"
_WORD = r"[A-Za-z0-9_.-]{0,64}"
_HEX = r"[0-9a-f]{0,128}"
_LANGUAGE = r"-?[0-9]{0,5}"

FORMATS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "api_url": r"https?://[A-Za-z0-9.:/_-]{1,200}",
        "api_id": _ID,
        "api_settings": _ID,
        "viewer_id": _ID,
        "viewer_type": r"[0-4]",
        "user_id": _ID,
        "group_id": _ID,
        "sid": r"[A-Za-z0-9_-]{0,256}",
        "secret": r"[A-Za-z0-9]{0,64}",
        "access_token": r"[A-Za-z0-9._-]{0,1000}",
        "is_app_user": _FLAG,
        "is_secure": _FLAG,
        "is_favorite": _FLAG,
        "auth_key": r"[0-9a-f]{32}",
        "language": _LANGUAGE,
        "parent_language": _LANGUAGE,
        "stats_hash": _HEX,
        "lc_name": _HEX,
        "ads_app_id": r"(?:[0-9]{1,15}_[0-9a-f]{1,64})?",
        "referrer": _WORD,
        "platform": _WORD,
        "api_result": r"[\s\S]{0,65536}",
        "hash": r"[\s\S]{0,4096}",
        "sign": r"[0-9a-f]{64}|[A-Za-z0-9_-]{43}",
        "sign_keys": r"[a-z][a-z0-9_]*(?:,[a-z][a-z0-9_]*){0,99}",
        "timestamp": _TIME,
        "aid": _ID,
        "gid": _ID,
        "vk_user_id": _ID,
        "vk_app_id": _ID,
        "vk_group_id": _ID,
        "vk_viewer_group_role": r"none|member|moder|editor|admin",
        "vk_access_token_settings": r"[a-z_,]{0,500}",
        "vk_ts": _TIME,
    }.items()
}
"""What each parameter looks like. Digits and letters are those of ASCII alone."""
OTHERS = re.compile(r"[^\x00-\x1f\x7f]{0,4096}")
"""Parameters that VK adds in years to come: they count for the signature and for nothing else."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


class LaunchRefused(Failure):
    """`FORBIDDEN`: a launch that lets nobody in. `reason` is for people and for the log, and holds nothing of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(Kind.FORBIDDEN, reason)
        self.reason = reason


def launch_parameters(query: bytes) -> dict[str, str]:
    """Return the parameters in the order they came. Raises `LaunchRefused` unless all are well formed and sent once."""
    if len(query) > MOST_BYTES:
        raise LaunchRefused("the launch is too long")
    try:
        pairs = parse_qsl(
            query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS
        )
    except ValueError:  # bytes that are no UTF-8, or none an address may have; too many parameters
        raise LaunchRefused("the launch cannot be read") from None
    sent = dict(pairs)
    if len(sent) < len(pairs):
        raise LaunchRefused("a parameter was sent twice")
    for name, value in pairs:
        if not _NAME.fullmatch(name) or not FORMATS.get(name, OTHERS).fullmatch(value):
            raise LaunchRefused(f"parameter {name if name in FORMATS else '(another)'} is not what VK sends")
    return sent
