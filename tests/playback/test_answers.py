"""Recorded bytes come as they are, in the callback asked for now."""

import pytest

from userapi_gw.playback.answers import NUMBER_HEADER, played
from userapi_gw.playback.tape import Recorded

JSON, SCRIPT = "application/json; charset=utf-8", "text/javascript; charset=utf-8"
OLD = "text/plain; charset=windows-1251"
VALUE = b'{"n": 1, "d": [[1, "\xef\xf0"]]}\n'


def fitted(body: bytes, back: str = "", callback: str = "", kind: str = OLD, *headers: tuple[str, str]) -> list[object]:
    answer = played(Recorded(7, 200, (("content-type", kind), *headers), back, body), callback, SCRIPT, JSON)
    assert answer.headers[-1] == (NUMBER_HEADER, "7")
    return [answer.body, {name.lower(): value for name, value in answer.headers}["content-type"]]


@pytest.mark.parametrize(
    ("body", "back", "callback", "expected"),
    [
        (VALUE, "", "", [VALUE, OLD]),
        (VALUE, "", "f", [b"f(" + VALUE + b");", SCRIPT]),
        (VALUE, "not.the[1]", "f", [b"f(" + VALUE + b");", SCRIPT]),
        (b"a.b[1](" + VALUE + b");", "a.b[1]", "a.b[1]", [b"a.b[1](" + VALUE + b");", OLD]),
        (b"a.b[1](" + VALUE + b") ;\n", "a.b[1]", "f", [b"f(" + VALUE + b");", OLD]),
        (b"a.b[1](" + VALUE + b")", "a.b[1]", "", [VALUE, JSON]),
        (b"-3", "", "f", [b"f(-3);", SCRIPT]),
        (b"f(", "f", "g", [b"f(", OLD]),
        (b"<html>not found", "f", "f", [b"<html>not found", OLD]),
        (b"", "f", "g", [b"", OLD]),
        (b"\x89PNG\r\n\0(\xff)", "", "f", [b"\x89PNG\r\n\0(\xff)", OLD]),
    ],
)
def test_the_callback_is_the_one_asked_for_now(body: bytes, back: str, callback: str, expected: list[object]) -> None:
    assert fitted(body, back, callback) == expected


def test_a_coded_body_stays_as_it_is() -> None:
    assert fitted(b"[1]", "", "f", OLD, ("Content-Encoding", "br"))[0] == b"[1]"


def test_headers_of_the_server_and_those_that_are_none_are_left_out() -> None:
    kept = (("Location", "http://durov.ru/index.html#0;sid=-1"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    bad = [("Date", "x"), ("server", "nginx"), ("Connection", "close"), ("Content-Length", "5"), ("Keep-Alive", "1")]
    bad += [("X-A", "a\r\nSet-Cookie: c=3"), ("X B", "b"), ("", "c"), ("X-D", "\u0416"), ("X-E", "\0")]
    answer = played(Recorded(7, 302, (*kept, *bad), "", b""), "", SCRIPT, JSON)
    assert answer == (302, [*kept, (NUMBER_HEADER, "7")], b"")


def test_no_content_has_none() -> None:
    assert played(Recorded(7, 204, (), "", b"[1]"), "f", SCRIPT, JSON) == (204, [(NUMBER_HEADER, "7")], b"")
