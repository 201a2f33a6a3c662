"""Pages for people and probes."""

import html

import pytest
from flask import Flask

from tests.conftest import MakeGateway
from userapi_gw.acts import ACTS


def page(gateway: Flask, path: str = "/") -> str:
    response = gateway.test_client().get(path, base_url="http://127.0.0.1:8080")
    assert response.status_code == 200
    return html.unescape(response.get_data(as_text=True))


def test_landing_page_tells_a_newcomer_everything(gateway: Flask) -> None:
    text = page(gateway)
    for address in ("http://127.0.0.1:8080/auth", "http://127.0.0.1:8080/data", "http://durov.ru"):
        assert address in text
    assert "test@test.com" in text
    assert [name for name in ACTS if f"<code>{name}</code>" not in text] == []


def test_logins_for_site_1_end_on_the_landing_page(gateway: Flask) -> None:
    assert page(gateway, "/index.html") == page(gateway)


def test_demo_accounts_are_told_only_where_they_exist(make_gateway: MakeGateway) -> None:
    gateway = make_gateway(backend="openvk", backend_url="http://127.0.0.1:1")
    assert "test@test.com" not in page(gateway)


def test_probes(gateway: Flask) -> None:
    assert page(gateway, "/healthz") == "ok\n"
    assert page(gateway, "/readyz") == '{"database": "ok", "backend": "ok"}\n'


def test_readiness_tells_what_is_away(make_gateway: MakeGateway) -> None:
    gateway = make_gateway(backend="openvk", backend_url="http://127.0.0.1:1", backend_timeout_seconds=0.5)
    response = gateway.test_client().get("/readyz")
    assert (response.status_code, response.get_data()) == (503, b'{"database": "ok", "backend": "away"}\n')
    assert gateway.test_client().get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "host",
    ['evil.example"><script>', "a b", "x" * 3000, "..", "bad..host", "a:b", ":", "[", ".", ".a", "x" * 64 + ".com"],
)
def test_a_host_that_is_none_does_not_stop_anybody(gateway: Flask, host: str) -> None:
    for path, body in (("/data", b'{"ok":0}'), ("/healthz", b"ok\n")):
        response = gateway.test_client().get(path, headers={"Host": host})
        assert (response.status_code, response.get_data()) == (200, body)
    assert host not in gateway.test_client().get("/", headers={"Host": host}).get_data(as_text=True) or len(host) < 3


@pytest.mark.parametrize(
    "host", ["my_pc:18493", "gateway.local", "[::1]:8080", "127.0.0.1", "gateway.local.", "x" * 63 + ".y"]
)
def test_site_1_is_where_the_program_found_us(gateway: Flask, host: str) -> None:
    login = "/auth?login=force&site=1&email=test@test.com&pass=wrong"
    response = gateway.test_client().get(login, headers={"Host": host})
    assert response.headers["Location"] == f"http://{host}/index.html#0;sid=-1"
