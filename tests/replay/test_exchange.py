"""What an exchange tells of itself."""

import pytest

from userapi_gw.replay.exchange import Exchange


def asked(url: str, body: bytes = b"", kind: str = "") -> Exchange:
    headers = (("content-TYPE", kind),) if kind else ()
    return Exchange(1, None, "POST" if body else "GET", url, headers, body)


def test_parameters_are_merged_and_no_byte_is_lost() -> None:
    exchange = asked(
        "http://userapi.com/data?act=wall&id=1&q=%D0%BF+1&x=%EF%F0&raw=\xef\xf0&x=\xd0\xbf&e=", b"id=2&act=%zz"
    )
    assert exchange.parameters == {"act": "%zz", "id": "2", "q": "п 1", "x": "п", "raw": "\xef\xf0", "e": ""}


def test_fields_of_a_form_with_files() -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="act"\r\n\r\nlphotos\r\n--b\r\n'
    body += b'Content-Disposition: form-data; name="file1"; filename="a"\r\n\r\n\xff\xd8\r\n--b--\r\n'
    exchange = asked("/upload.php?sid=1", body, 'multipart/form-data; boundary="b"')
    assert exchange.parameters == {"sid": "1", "act": "lphotos"}
    assert (exchange.act, exchange.is_userapi, exchange.writes) == ("upload", True, True)
    assert asked("/upload.php?sid=1", body[:50], "multipart/form-data; boundary=b").parameters == {"sid": "1"}
    assert asked("/upload.php?sid=1", body, "multipart/form-data").parameters == {"sid": "1"}


@pytest.mark.parametrize(
    ("url", "act", "is_userapi", "writes"),
    [
        ("http://userapi.com/data?act=wall", "wall", True, False),
        ("http://127.0.0.1:8080/data?act=add_wall&id=1", "add_wall", True, True),
        ("/data?friends=0-5&sid=1", "data", True, False),
        ("/data?friends=0-5", "data", True, False),
        ("/data?act=no_such_act", "no_such_act", True, False),
        ("/data?id=1", "data", False, False),
        ("/data", "data", False, False),
        ("http://login.userapi.com/auth?login=force", "auth", True, False),
        ("http://example.org/auth?login=bob", "auth", False, False),
        ("http://example.org/upload.php?act=avatar", "upload", False, True),
        ("http://cs1.userapi.com/u1/a_1.jpg", "", False, False),
        ("http://example.org/metadata?act=wall", "", False, False),
        ("http://[bad/data?act=wall", "", False, False),
        ("//data?act=wall", "", False, False),
        ("http://userapi.com", "", False, False),
    ],
)
def test_what_is_userapi(url: str, act: str, is_userapi: bool, writes: bool) -> None:
    exchange = asked(url)
    assert (exchange.act, exchange.is_userapi, exchange.writes) == (act, is_userapi, writes)


def test_the_host_comes_from_the_address_or_its_header() -> None:
    assert asked("http://USERAPI.com:80/data?act=wall").host == "userapi.com:80"
    assert Exchange(1, None, "GET", "/data", (("HOST", "UserAPI.com"),)).host == "userapi.com"
    assert asked("/data").host == ""
