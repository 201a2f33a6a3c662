"""Signs launches as VK does, in words of its own: nothing here uses what is tested."""

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import quote_plus, urlencode

APP, GROUP, SECRET = 6736218, 5, "wvl68m4dR1UpLrVRli"
VIEWER = 1
Sent = dict[str, str]


def hex_sign(text: str, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def auth_key(viewer: Any = VIEWER, app: Any = APP, secret: str = SECRET) -> str:
    return hashlib.md5(f"{app}_{viewer}_{secret}".encode()).hexdigest()


def plain(**other: Any) -> Sent:
    """The parameters of an embedded app, not signed; None leaves one out."""
    app, viewer = other.get("api_id", APP), other.get("viewer_id", VIEWER)
    usual = {
        "api_url": "https://api.vk.com/api.php",
        "api_id": app,
        "api_settings": 8199,
        "viewer_id": viewer,
        "viewer_type": 1,
        "sid": "a" * 62,
        "secret": "0123abcdef",
        "access_token": "token-of-pavel",
        "user_id": 0,
        "group_id": GROUP,
        "is_app_user": 1,
        "auth_key": auth_key(viewer, app),
        "language": 0,
        "parent_language": 0,
        "is_secure": 1,
        "stats_hash": "fc04edca26a4ffe69f",
        "ads_app_id": "6736218_6ed6a1f0a40ff05a",
        "referrer": "unknown",
        "lc_name": "9a1b2c3d",
        "platform": "web",
        "is_favorite": 0,
        "api_result": "",
        "hash": "",
    }
    return {name: str(value) for name, value in {**usual, **other}.items() if value is not None}


def concatenated(secret: str = SECRET, **other: Any) -> Sent:
    """A launch of the first form."""
    sent = plain(**other)
    signed = "".join(value for name, value in sent.items() if name not in ("hash", "sign"))
    return {**sent, "sign": hex_sign(signed, secret)}


def named(secret: str = SECRET, keys: str = "", **other: Any) -> Sent:
    """A launch of the second form."""
    sent = plain(**other)
    keys = keys or ",".join(sorted(sent.keys() - {"hash", "api_result", "auth_key"}))
    signed = "".join(sent.get(key, "") for key in keys.split(","))
    return {**sent, "sign": hex_sign(signed, secret), "sign_keys": keys}


def mini(secret: str = SECRET, **other: Any) -> Sent:
    """A launch of the third form; parameters that do not begin with `vk_` are not signed."""
    usual = {
        "vk_access_token_settings": "friends,photos",
        "vk_app_id": APP,
        "vk_are_notifications_enabled": 0,
        "vk_group_id": GROUP,
        "vk_is_app_user": 1,
        "vk_language": "ru",
        "vk_platform": "desktop_web",
        "vk_ref": "group_menu",
        "vk_ts": 1_800_000_000,
        "vk_user_id": VIEWER,
        "vk_viewer_group_role": "member",
        "access_token": "token-of-pavel",
        "hash": "",
    }
    sent = {name: str(value) for name, value in {**usual, **other}.items() if value is not None}
    parts = (f"{name}={quote_plus(sent[name])}" for name in sorted(sent) if name.startswith("vk_"))
    digest = hmac.new(secret.encode(), "&".join(parts).encode(), hashlib.sha256).digest()
    return {**sent, "sign": base64.b64encode(digest, b"-_").decode().rstrip("=")}


def query(sent: Sent) -> str:
    return urlencode(sent)
