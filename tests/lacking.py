"""Backends that have fewer methods than the embedded one."""

from typing import Any

from flask import Flask

from userapi_gw.errors import from_vk_code

NOT_IN_OPENVK = (
    "fave.",
    "messages.get",
    "messages.markAsRead",
    "status.getHistory",
    "status.delete",
    "status.restore",
    "status.clear",
)
"""What the embedded server has and OpenVK has not, as far as it is served from overlays."""


def take_away(gateway: Flask, names: tuple[str, ...]) -> None:
    """Let the backend of a gateway refuse these methods (`wall.restore`) and sections (`fave.`) as unknown."""
    client = gateway.extensions["userapi_gw"].client
    envelope, knows = client.envelope, client.knows
    refused = set[str]()
    names += ("execute",) if names else ()  # in which nothing could be refused

    def refuse(method: str, token: str, *, write: bool = False, **parameters: Any) -> dict[str, Any]:
        if any(method == name or (name.endswith(".") and method.startswith(name)) for name in names):
            refused.add(method)
            raise from_vk_code(3, method)
        answer: dict[str, Any] = envelope(method, token, write=write, **parameters)
        return answer

    if names:
        client.envelope, client.knows = refuse, lambda method: method not in refused and knows(method)
