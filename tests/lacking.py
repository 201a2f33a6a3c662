"""Backends that have fewer methods than the embedded one."""

from typing import Any

from flask import Flask

from userapi_gw.errors import from_vk_code


def take_away(gateway: Flask, beginnings: tuple[str, ...]) -> None:
    """Let the backend of a gateway refuse the methods whose names begin so, as servers refuse unknown ones."""
    client = gateway.extensions["userapi_gw"].client
    call = client.call

    def refuse(method: str, token: str, *, write: bool = False, **parameters: Any) -> Any:
        if method.startswith(beginnings):
            raise from_vk_code(3, method)
        return call(method, token, write=write, **parameters)

    if beginnings:
        client.call = refuse
