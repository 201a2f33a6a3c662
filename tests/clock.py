"""Clocks stopped for a test: the gateway's own, and the embedded server's in its own dialect and as an OpenVK."""

from types import SimpleNamespace

import pytest

from userapi_gw.state.opening import open_state


def stop(patch: pytest.MonkeyPatch, now: int) -> None:
    """Let gateways and servers made from here on have it `now` (unix seconds), always."""
    for room in ("app", "accounts", "openvk.server"):
        patch.setattr(f"userapi_gw.embedded.{room}.time", SimpleNamespace(time=lambda: now))
    patch.setattr(open_state, "__kwdefaults__", {**(open_state.__kwdefaults__ or {}), "clock": lambda: now})
