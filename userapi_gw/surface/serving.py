"""For how long, and in whose name, the gateway works while it serves a request."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from flask import Request

from userapi_gw.backend import deadline, on_behalf
from userapi_gw.gateway import Gateway
from userapi_gw.surface.hosts import exact_address


def serving(gateway: Gateway, request: Request) -> AbstractContextManager[None]:
    """Work within the time programs wait, in the name of the client's address if the backend is to be told."""
    hurried = deadline.within(gateway.settings.request_seconds)
    return _named(gateway, request, hurried) if gateway.settings.forward_client_address else hurried


def asked_by(gateway: Gateway, request: Request) -> AbstractContextManager[None]:
    """Work in the name of the client's address alone, for what may take longer."""
    return on_behalf.client_at(exact_address(request)) if gateway.settings.forward_client_address else nullcontext()


@contextmanager
def _named(gateway: Gateway, request: Request, hurried: AbstractContextManager[None]) -> Iterator[None]:
    with hurried, asked_by(gateway, request):
        yield
