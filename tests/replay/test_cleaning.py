"""No secret stays in an exchange, whatever it is encoded in, and the same one gets the same stand-in."""

import json
import re
import time
from urllib.parse import parse_qs, quote, quote_plus, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userapi_gw.replay.cleaning import Cleaner
from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.stand_ins import StandIns

SID = "0123456789abcdef0123456789abcdef"
HASH = "f" * 31 + "0"
WORD = "пароль & 100%+1"
EMAIL = "Ann.Smith+1@mail.example"
STAND_INS = StandIns(b"key")


def clean(exchange: Exchange) -> Exchange:
    return Cleaner(STAND_INS).clean(exchange)


def made(secret: str) -> str:
    return STAND_INS.of(secret.encode().decode("latin-1"))


def everything(exchange: Exchange) -> str:
    headers = [*exchange.request_headers, *exchange.headers]
    parts = [exchange.url, str(headers), exchange.request_body.decode("latin-1"), exchange.body.decode("latin-1")]
    return "\n".join(parts).lower()


def test_shapes() -> None:
    assert re.fullmatch("[0-9a-f]{32}", STAND_INS.of(SID))
    assert re.fullmatch(r"[0-9a-f]{12}@example\.org", STAND_INS.of(EMAIL))
    assert re.fullmatch(r"[0-9]{7}", STAND_INS.of("7777777"))
    assert re.fullmatch(r"[A-Z][a-z]{2}-[0-9]\.[a-z]{3}", STAND_INS.of("Abc-1.жук"))
    assert STAND_INS.of(SID) == STAND_INS.of(SID) != StandIns().of(SID)
    assert STAND_INS.of(EMAIL) == STAND_INS.of(EMAIL.lower())


@given(st.text(min_size=1))
@settings(max_examples=200)
def test_a_stand_in_is_never_the_secret(secret: str) -> None:
    assert STAND_INS.of(secret) != secret or set(secret) <= {"x"}


def test_a_login() -> None:
    form = f"login=force&site=2&email={quote(EMAIL)}&pass={quote_plus(WORD)}&fccode=abc"
    exchange = Exchange(
        1, 1.0, "POST", f"http://login.userapi.com/auth?{form}",
        (("Cookie", f"remixmid=1; remixpassword={HASH}"), ("Referer", f"http://durov.ru/?{form}#0;sid={SID}")),
        form.encode(), 302,
        (("Location", f"http://durov.ru/index.html#0;sid={SID}"), ("Set-Cookie", f"remixpassword={HASH}; path=/"),
         ("Set-Cookie", "remixpassword=deleted; path=/"), ("Authorization", f"Bearer {HASH}")),
    )  # fmt: skip
    found = clean(exchange)
    clean_form = f"login=force&site=2&email={quote(made(EMAIL), safe='')}&pass={quote(made(WORD))}&fccode=abc"
    assert found == Exchange(
        1, 1.0, "POST", f"http://login.userapi.com/auth?{clean_form}",
        (("Cookie", f"remixmid=1; remixpassword={made(HASH)}"),
         ("Referer", f"http://durov.ru/?{clean_form}#0;sid={made(SID)}")),
        clean_form.encode(), 302,
        (("Location", f"http://durov.ru/index.html#0;sid={made(SID)}"),
         ("Set-Cookie", f"remixpassword={made(HASH)}; path=/"), ("Set-Cookie", "remixpassword=deleted; path=/"),
         ("Authorization", f"Bearer {made(HASH)}")),
    )  # fmt: skip


@pytest.mark.parametrize("sid", ["", "null", "-1", "-4"])
def test_what_is_no_secret_stays(sid: str) -> None:
    url = f"http://userapi.com/data?act=wall&id=1&sid={sid}&raw=\xef\xf0 \xd0\xbf&back=reqs[120].x&ts=1230768000"
    exchange = Exchange(1, None, "GET", url, (), b"", 200, (), b'{"n":1,"d":[["sid",1230768000]],"hash":""}')
    assert clean(exchange) == exchange


def test_secrets_in_nested_addresses_and_json() -> None:
    inner = f"http://durov.ru/?sid={SID}&pass={quote(WORD)}"
    url = f"http://userapi.com/data?act=wall&sid={SID}&back={quote(inner, safe='')}"
    body = f'{{"url":"{inner}","hash":"{HASH}","at":"Ann.Smith+1\\u0040mail.example","m":["{HASH}"],"pass":'
    body += json.dumps(WORD) + "}"
    found = clean(Exchange(1, None, "GET", url, (), b"", 200, (("Content-Type", "text/javascript"),), body.encode()))
    asked = parse_qs(urlsplit(found.url).query)
    assert asked["back"] == [f"http://durov.ru/?sid={made(SID)}&pass={quote(made(WORD), safe='')}"]
    told = json.loads(found.body)
    assert told == {
        "url": asked["back"][0], "hash": made(HASH), "at": made(EMAIL), "m": [made(HASH)], "pass": made(WORD),
    }  # fmt: skip


def test_a_launch_in_a_vk_community() -> None:
    """Base64 that signs it, and the ticket of the form on the page it opens, are no hex numbers."""
    sign, ticket = "htQFduJpLxz7ribXRZpDFUH-XEUhC9rBPTJkjUFEkRA", "WzcsInNldHRpbmdzIl0.aSr0.Kq-_w"
    page = f'<input type="hidden" name="ticket" value="{ticket}">'.encode()
    found = clean(
        Exchange(
            1,
            None,
            "GET",
            f"http://a.example/app/7?vk_user_id=6&access_token=to-look-for&sign={sign}",
            status=200,
            headers=(("Content-Type", "text/html"),),
            body=page,
        )
    )
    assert "vk_user_id=6&access_token=" in found.url
    assert found.body.startswith(b'<input type="hidden" name="ticket" value="')
    assert [secret for secret in (sign, ticket, "to-look-for") if secret.lower() in everything(found)] == []


def test_a_form_with_files() -> None:
    def form(secret: str) -> bytes:
        picture = b"\xff\xd8 sid=" + SID.encode() + b" a@b.example \xff"
        part = b'--b\r\nContent-Disposition: form-data; name="hash"\r\n\r\n%b\r\n--b\r\n'
        file = b'Content-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n%b\r\n--b--\r\n'
        return part % secret.encode() + file % picture

    kind = (("Content-Type", "multipart/form-data; boundary=b"),)
    found = clean(Exchange(1, None, "POST", "/upload.php?act=lprofile", kind, form(HASH)))
    assert found.request_body == form(made(HASH))


SECRETS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=6, max_size=30).filter(
    lambda text: text.strip() == text and text.lower() not in ("undefined", "deleted")
)


@given(secret=SECRETS, name=st.sampled_from(["pass", "sid", "remixpassword", "hash", "cid"]))
@settings(max_examples=200, deadline=None)
def test_a_secret_is_gone_from_all_places_of_its_exchange(secret: str, name: str) -> None:
    spelled = {quote(secret, safe=""), quote_plus(secret)}
    told = json.dumps({"again": secret, "far": [quote(secret)]}) + json.dumps({"u": secret}, ensure_ascii=False)
    url = f"http://userapi.com/data?act=wall&{name}={quote_plus(secret)}&back={quote(quote(secret, safe=''), safe='')}"
    headers = (("X-Echo", quote(secret, safe="")),)
    found = everything(clean(Exchange(1, None, "GET", url, headers, b"", 200, headers, told.encode())))
    assert not [form for form in spelled if form.lower() in found]
    assert json.dumps(secret)[1:-1].lower() not in found
    assert secret.encode().decode("latin-1").lower() not in found


def test_long_texts_take_no_time() -> None:
    hostile = [text * (50_000 // len(text)) for text in ("a", "a.", "sid=", "%3D", '"hash":"', "a@b", "0", "&", "\\")]
    start = time.process_time()
    for text in hostile:
        clean(Exchange(1, None, "POST", f"/data?m={text[:1000]}", (), text.encode(), 200, (), text.encode()))
    assert time.process_time() - start < 10
