"""What single values of the settings have to look like. Texts of errors never repeat what was given."""

import ipaddress
import re

from pydantic import AnyHttpUrl, TypeAdapter, ValidationError

_BIND = re.compile(r"(?:\[(?P<v6>[^\[\]]+)\]|(?P<name>[A-Za-z0-9.-]+)):(?P<port>[0-9]{1,5})")
_MEDIA_HOST = re.compile(r"(?:(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_FRAME_SOURCE = re.compile(r"https?://(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::(?:[0-9]{1,5}|\*))?")
_HTTP_URL = TypeAdapter(AnyHttpUrl)


def split_bind(bind: str) -> tuple[str, int]:
    """Return host and port of `host:port` or `[IPv6]:port`. Port 0 lets the system choose. Raises ValueError."""
    match = _BIND.fullmatch(bind)
    if match is None or int(match["port"]) > 65535:
        raise ValueError("write host:port, such as 127.0.0.1:8080 or [::1]:8080")
    if match["v6"]:
        return str(ipaddress.IPv6Address(match["v6"])), int(match["port"])
    return match["name"], int(match["port"])


def web_url(text: str) -> str:
    """Check an http(s) address and strip its trailing slash; no text of ours repeats what was given."""
    try:
        url = _HTTP_URL.validate_python(text)
    except ValidationError as error:
        raise ValueError(error.errors(include_input=False)[0]["msg"]) from None
    if url.query is not None or url.fragment is not None:
        raise ValueError("an address without ? and # is needed")
    if url.username is not None or url.password is not None:
        raise ValueError("an address without user name and password is needed")
    return str(url).rstrip("/")


def bind_address(text: str) -> str:
    """Check an address to listen on."""
    split_bind(text)
    return text


def media_host(text: str) -> str:
    """Check the name of a media host, or a pattern of names."""
    if _MEDIA_HOST.fullmatch(text) is None:
        raise ValueError("write host, host:port or *.host")
    return text.lower()


def frame_source(text: str) -> str:
    """Check the address of pages that may frame ours, as Content-Security-Policy spells it."""
    if _FRAME_SOURCE.fullmatch(text) is None:
        raise ValueError("write https://host, https://*.host or http://host:port")
    return text.lower()


def is_address(place: str) -> bool:
    """Tell whether `host` or `host:port` is an IP address, below which there are no names."""
    host = place.partition("]")[0].lstrip("[") if "]" in place else place.partition(":")[0]
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
