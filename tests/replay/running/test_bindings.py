"""What a replay learns from two answers, and what it makes of later requests."""

import json
import time
from typing import Any
from urllib.parse import quote

import pytest

from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.running.bindings import Bindings

OLD, NEW = "a" * 32, "b" * 32


def data(query: str, answer: Any = None) -> Exchange:
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return Exchange(1, None, "GET", f"http://userapi.com/data?{query}", (), b"", 200, (), body)


def redirect(location: str, *cookies: str) -> Exchange:
    headers = (("Location", location), *(("Set-Cookie", cookie) for cookie in cookies))
    return Exchange(1, None, "GET", "/auth?login=force", (), b"", 302, headers)


def learned(query: str, old: Any, new: Any) -> Bindings:
    bindings = Bindings()
    bindings.learn(data(query, old), data(query, new))
    return bindings


def sent(bindings: Bindings, query: str) -> str:
    return bindings.rebound(data(query)).query


def test_sids_and_cookies() -> None:
    bindings = Bindings()
    bindings.learn(
        redirect(f"http://durov.ru/index.html#0;sid={OLD}", f"remixpassword={'c' * 56}; path=/"),
        redirect(f"http://127.0.0.1/index.html#0;sid={NEW}", f"remixpassword={'d' * 56}; path=/"),
    )
    url = f"http://userapi.com/data?act=wall&sid={OLD}&back={quote('http://x/?sid=' + OLD, safe='')}&q=%D0%BF+\xd0&id=0"
    cookies = (("Cookie", f"remixmid=1; remixpassword={'c' * 56}"), ("Referer", f"http://durov.ru/#;sid={OLD}"))
    asked = bindings.rebound(Exchange(1, None, "POST", url, cookies, f"sid={OLD}&remixpassword={'c' * 56}".encode()))
    assert asked.url == url.replace(OLD, NEW)
    assert asked.request_headers == (
        ("Cookie", f"remixmid=1; remixpassword={'d' * 56}"),
        ("Referer", f"http://durov.ru/#;sid={NEW}"),
    )
    assert asked.request_body == f"sid={NEW}&remixpassword={'d' * 56}".encode()
    unknown = f"act=wall&sid={'e' * 32}"
    assert sent(bindings, unknown) == unknown


def test_a_login_that_failed_binds_nothing() -> None:
    bindings = Bindings()
    assert bindings.learn(redirect("http://durov.ru/#0;sid=-1"), redirect(f"http://durov.ru/#0;sid={NEW}")) == []
    assert sent(bindings, "act=wall&sid=-1") == "act=wall&sid=-1"


def test_the_id_of_what_was_written() -> None:
    old = {"ok": 1, "h": [[7000003, "add", [50, 1230768000, ["hi"], [1, "A"], [1]]]]}
    new = {
        "ok": 1,
        "h": [[9000001, "add", [8, 1, ["other"], [2, "B"], [1]]], [9000003, "add", [9, 2, ["hi"], [1], [1]]]],
    }
    bindings = learned("act=add_wall&id=1&message=hi", old, b"callback(" + json.dumps(new).encode() + b");")
    assert sent(bindings, "act=del_wall&wid=1_50&ts=7000003") == "act=del_wall&wid=1_9&ts=9000003"
    assert sent(bindings, "act=history&wall=7000003&message=7000003") == "act=history&wall=9000003&message=7000003"
    assert sent(bindings, "act=del_message&wid=1_50") == "act=del_message&wid=1_50"


def test_rows_belong_together_by_what_they_say() -> None:
    old = {"n": 2, "d": [[5, 1, ["a"]], [4, 1, ["b"]]], "h": 100}
    new = {"n": 3, "d": [[5, 9, ["new"]], [4, 9, ["a"]], [3, 9, ["b"]]], "h": 200}
    bindings = learned("act=inbox", old, new)
    asked = [sent(bindings, f"act=del_inbox&wid={wid}&ts=100") for wid in (5, 4)]
    assert asked == ["act=del_inbox&wid=4&ts=200", "act=del_inbox&wid=3&ts=200"]


def test_photos_belong_together_by_their_places() -> None:
    bindings = learned(
        "act=photos&id=1", [["1_10", "u", "v"], ["1_3", "u", "v"]], [["1_77", "x", "y"], ["1_3", "x", "y"]]
    )
    assert sent(bindings, "act=delete_photo&photo=1_10") == "act=delete_photo&photo=1_77"
    assert sent(bindings, "act=photos_comments&parent=1_10&photo=1_3") == "act=photos_comments&parent=1_77&photo=1_3"
    assert sent(bindings, "act=schools&parent=1_10") == "act=schools&parent=1_10"


def test_versions_are_those_of_their_owner() -> None:
    bindings = learned("act=wall&id=1", {"n": 0, "d": [], "h": 102}, {"n": 0, "d": [], "h": 301})
    bindings.learn(data("act=wall&id=5", {"h": 102}), data("act=wall&id=5", {"h": 502}))
    asked = [sent(bindings, f"act=wall&id={user}&ts=102") for user in (1, 5, 6)]
    assert asked == ["act=wall&id=1&ts=301", "act=wall&id=5&ts=502", "act=wall&id=6&ts=502"]


def test_profiles_tell_versions_hashes_and_albums() -> None:
    def profile(n: int) -> dict[str, Any]:
        hashes = {"hash": f"{n}" * 32, "rhash": f"{n + 1}" * 32}
        return {"mts": n, "wa": {"n": 0, "d": [], "h": n + 1}, "pr": hashes, "ph": {"n": 0, "d": [], "aid": n}}

    bindings = learned("act=profile&id=1", profile(3), profile(7))
    assert sent(bindings, "act=history&wall=4&message=3&activity=3") == "act=history&wall=8&message=7&activity=3"
    body = b'--b\r\nContent-Disposition: form-data; name="hash"\r\n\r\n%b\r\n--b--\r\n'
    kind = (("Content-Type", "multipart/form-data; boundary=b"),)
    upload = Exchange(1, None, "POST", f"/upload.php?act=lphotos&aid=3&rhash={'4' * 32}", kind, body % (b"3" * 32))
    asked = bindings.rebound(upload)
    assert (asked.query, asked.request_body) == (f"act=lphotos&aid=7&rhash={'8' * 32}", body % (b"7" * 32))


def test_tags() -> None:
    old = [{"tid": 5, "name": "A"}, {"tid": 6, "name": "B"}]
    bindings = learned("act=put_tag&parent=1_2", old, [{"tid": 9, "name": "B"}, {"tid": 8, "name": "A"}])
    assert sent(bindings, "act=delete_tag&parent=1_2&tid=6") == "act=delete_tag&parent=1_2&tid=9"


def test_ids_of_users_and_totals_are_nobodys_business() -> None:
    bindings = learned("act=friends&id=1", [[7, "A"]], [[8, "A"]])
    bindings.learn(data("act=wall&id=1", {"n": 22, "d": []}), data("act=wall&id=1", {"n": 33, "d": []}))
    query = "act=history&id=7&inbox=22&friends=22&to=22&from=7"
    assert sent(bindings, query) == query


@pytest.mark.parametrize("answer", [b"", b"{", b"[" * 100_000, b'{"h":true,"d":[[],[null],5,{}]}', b"null", b"\xff"])
def test_answers_that_are_odd_teach_nothing(answer: bytes) -> None:
    bindings = Bindings()
    assert bindings.learn(data("act=wall", answer), data("act=wall", {"n": 0, "d": [[1, 2, ["x"]]], "h": 5})) == []
    assert bindings.learn(data("act=wall", {"d": [[1, 2, ["x"]]], "h": 5}), data("act=wall", answer)) == []


def test_long_lists_take_no_time() -> None:
    before, after = ([[f"1_{n + start}", "u", "v"] for n in range(5000)] for start in (10_000, 20_000))
    start = time.process_time()
    bindings = learned("act=photos&id=1", before, after)
    assert sent(bindings, "act=delete_photo&photo=1_14999") == "act=delete_photo&photo=1_24999"
    assert time.process_time() - start < 5
