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
    call, knows = client.call, client.knows
    refused = set[str]()

    def refuse(method: str, token: str, *, write: bool = False, **parameters: Any) -> Any:
        if any(method == name or (name.endswith(".") and method.startswith(name)) for name in names):
            refused.add(method)
            raise from_vk_code(3, method)
        return call(method, token, write=write, **parameters)

    if names:
        client.call, client.knows = refuse, lambda method: method not in refused and knows(method)
