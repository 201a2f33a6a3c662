"""Acts are tried with the backend's addresses of pictures, which the samples have; see tests/surface/test_images.py."""

from typing import Any

import pytest
from flask import Flask

from tests.conftest import MakeGateway

SITES = {1: {"url": "self"}, 2: {"url": "http://durov.ru", "options": {"own_pictures": False}}}


@pytest.fixture
def make_gateway(make_gateway: MakeGateway) -> MakeGateway:
    """Make gateways that leave addresses of pictures as they are for programs of site 2."""

    def make(**settings: Any) -> Flask:
        return make_gateway(**{"sites": SITES, **settings})

    return make
