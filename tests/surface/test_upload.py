"""`upload.php`: real forms with real pictures, and forms that nobody should be able to send."""

import logging
import re
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from urllib3 import encode_multipart_formdata
from werkzeug.test import TestResponse

from tests.conftest import MakeGateway, OnBackend
from tests.files import colours_of, image, jpeg, size_of, written
from tests.person import end_grant
from tests.program import Program
from tests.surface.test_images import fetch
from tests.test_imaging import BAD
from userapi_gw.errors import Failure, Kind
from userapi_gw.surface import upload as upload_module

BACK = "http://durov.ru/#1"
HOME = "http://durov.ru/index.html"
Files = list[tuple[str, bytes, str]]


class Uploader:
    """Somebody with a profile in front of them."""

    def __init__(self, program: Program) -> None:
        self.program = program
        profile = program.get("profile")
        self.main = {"act": "lprofile", "id": program_id(profile), **hashes(profile["pr"])}
        self.album = {
            "act": "lphotos",
            "id": program_id(profile),
            "oid": program_id(profile),
            "aid": profile["ph"]["aid"],
            **hashes(profile["ph"]),
        }

    def send(self, form: dict[str, Any], files: Files, *, in_query: bool = True, **more: Any) -> TestResponse:
        """Send files with the fields of a form in the address or in the body."""
        fields = {"sid": self.program.sid, "back": BACK, **form, **more}
        parts: list[Any] = [(name, (filename, content, "image/jpeg")) for name, content, filename in files]
        if not in_query:
            parts += [(name, str(value)) for name, value in fields.items()]
        body, content_type = encode_multipart_formdata(parts)
        return self.program.client.post(
            "/upload.php",
            query_string=urlencode(fields) if in_query else "",
            data=body,
            content_type=content_type,
            base_url="http://cs190.userapi.com",
        )

    def photos(self) -> Any:
        """The viewer's photos."""
        return self.program.get("photos", to=50)


def program_id(profile: dict[str, Any]) -> int:
    return int(profile["id"])


def hashes(form: dict[str, Any]) -> dict[str, str]:
    return {"hash": form["hash"], "rhash": form["rhash"]}


def one(name: str = "file", content: bytes | None = None) -> Files:
    return [(name, jpeg(400, 300) if content is None else content, "photo.jpg")]


@pytest.fixture
def pavel_uploads(pavel: Program) -> Uploader:
    return Uploader(pavel)


@pytest.fixture
def nikolay_uploads(nikolay: Program) -> Uploader:
    return Uploader(nikolay)


def test_the_profile_tells_its_owner_how_to_upload(pavel: Program, on_backend: OnBackend) -> None:
    profile = pavel.get("profile")
    assert profile["pr"] | hashes({"hash": "", "rhash": ""}) == {
        "pa": 0,
        "wa": 0,
        "ms": 0,
        "url": "http://userapi.com/",
        "hash": "",
        "rhash": "",
    }
    assert sorted(profile["ph"]) == ["aid", "d", "hash", "n", "rhash", "url"]
    assert (profile["ph"]["aid"], profile["ph"]["url"]) == (on_backend(25797999, openvk=1000001), "http://userapi.com/")
    both = [*hashes(profile["pr"]).values(), *hashes(profile["ph"]).values()]
    assert len(set(both)) == 4
    assert all(re.fullmatch("[0-9a-f]{32}", value) for value in both)
    other = pavel.get("profile", id=6)
    assert (sorted(other["pr"]), sorted(other["ph"])) == (["ms", "pa", "wa"], ["d", "n"])


@pytest.mark.parametrize("in_query", [True, False])
@pytest.mark.parametrize("name", ["file", "photo"])
def test_a_main_photo(nikolay_uploads: Uploader, gateway: Flask, name: str, in_query: bool) -> None:
    before = nikolay_uploads.program.get("profile")["bp"]
    response = nikolay_uploads.send(nikolay_uploads.main, one(name), in_query=in_query)
    assert (response.status, response.headers["Location"], response.get_data()) == ("302 Found", BACK, b"")
    after = nikolay_uploads.program.get("profile")["bp"]
    assert after != before
    bodies = [fetch(gateway, after.replace("/a_", f"/{letter}_")).get_data() for letter in "abc"]
    assert [size_of(body) for body in bodies] == [("JPEG", 200, 150), ("JPEG", 100, 75), ("JPEG", 50, 38)]
    assert {colours_of(body) for body in bodies} == {("red", "blue")}


def test_six_photos_for_an_album(pavel_uploads: Uploader, gateway: Flask) -> None:
    files = [(f"file{number}", jpeg(700 + number, 500), "IMG.JPG") for number in range(1, 7)]
    response = pavel_uploads.send(pavel_uploads.album, files)
    assert response.headers["Location"] == BACK
    photos = pavel_uploads.photos()
    assert len(photos) == 34 + 6
    assert all(photo[0].startswith("1_") for photo in photos)
    body = fetch(gateway, photos[0][2]).get_data()
    assert (size_of(body)[:2], colours_of(body)) == (("JPEG", 604), ("red", "blue"))
    assert size_of(fetch(gateway, photos[0][1]).get_data())[:2] == ("JPEG", 130)


def test_an_album_is_made_for_somebody_who_has_none(nikolay_uploads: Uploader) -> None:
    assert nikolay_uploads.album["aid"] == 0
    nikolay_uploads.send(nikolay_uploads.album, one("file1"))
    assert len(nikolay_uploads.photos()) == 1
    again = Uploader(nikolay_uploads.program)
    assert again.album["aid"] > 0
    nikolay_uploads.send(nikolay_uploads.album, one("file1"))
    again.send(again.album, one("file1"))
    assert len(nikolay_uploads.photos()) == 3
    assert Uploader(nikolay_uploads.program).album["aid"] == again.album["aid"]


def test_what_was_uploaded_can_be_deleted(nikolay_uploads: Uploader, gateway: Flask) -> None:
    nikolay_uploads.send(nikolay_uploads.album, one("file1"))
    nikolay_uploads.send(nikolay_uploads.main, one("file"))
    program = nikolay_uploads.program
    ((name, _, _),) = nikolay_uploads.photos()
    assert program.get("delete_photo", photo=name) == {"ok": 1}
    assert program.get("delete_page_photo") == {"ok": 1}
    assert (nikolay_uploads.photos(), program.get("profile")["bp"]) == ([], "0")
    assert program.get("delete_photo", photo=name) == {"ok": 0}
    assert program.get("delete_page_photo") == {"ok": 0}


def test_fields_of_the_form_in_which_no_file_was_chosen(pavel_uploads: Uploader) -> None:
    pavel_uploads.send(pavel_uploads.album, [*one("file1"), ("file2", b"", ""), ("file3", b"", "")])
    assert len(pavel_uploads.photos()) == 35


NO_PICTURES: dict[str, Files] = {
    **{name: one(content=body) for name, body in BAD.items()},
    "none": [],
    "GIF called .jpg": one(content=written(image(300, 300), "GIF")),
    "PNG": one(content=written(image(300, 300), "PNG")),
    "a good one and a bad one": [*one("file1"), ("file2", jpeg()[:-100], "b.jpg")],
    "seven": [(name, jpeg(), "a.jpg") for name in ("file1", "file2", "file3", "file4", "file5", "file6", "file")],
    "one field seven times": [("file1", jpeg(), "a.jpg")] * 7,
    "eleven megabytes": one(content=jpeg() + bytes(11 * 1024 * 1024)),
    "forty megabytes": one(content=jpeg() + bytes(40 * 1024 * 1024)),
    "another field": one("upload"),
    "file7": one("file7"),
}


@pytest.mark.parametrize("files", NO_PICTURES.values(), ids=NO_PICTURES)
def test_nothing_is_stored_unless_everything_is_a_picture(
    pavel_uploads: Uploader, files: Files, caplog: pytest.LogCaptureFixture
) -> None:
    before = pavel_uploads.program.get("profile")
    for form in (pavel_uploads.album, pavel_uploads.main):
        response = pavel_uploads.send(form, files)
        assert (response.status_code, response.headers["Location"]) == (302, BACK)
    assert pavel_uploads.program.get("profile") == before
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_two_files_for_a_main_photo(pavel_uploads: Uploader) -> None:
    before = pavel_uploads.program.get("profile")
    pavel_uploads.send(pavel_uploads.main, [*one("file"), *one("photo")])
    pavel_uploads.send(pavel_uploads.main, one("file1"))
    assert pavel_uploads.program.get("profile") == before


WRONG: dict[str, dict[str, Any]] = {
    "no hash": {"hash": ""},
    "no rhash": {"rhash": ""},
    "another hash": {"hash": "0" * 32},
    "hash that is no ASCII": {"hash": "хеш"},
    "very long hash": {"hash": "a" * 100_000},
    "another id": {"id": 6},
    "another oid": {"oid": 6},
    "another album": {"aid": 5433484},
    "no sid": {"sid": ""},
    "bad sid": {"sid": "0" * 32},
    "another act": {"act": "lprofile"},
    "no act": {"act": ""},
    "negative album": {"aid": -1},
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_nothing_is_stored_without_the_right_hashes(pavel_uploads: Uploader, change: dict[str, Any]) -> None:
    before = pavel_uploads.program.get("profile")
    response = pavel_uploads.send({**pavel_uploads.album, **change}, one("file1"))
    assert (response.status_code, response.headers["Location"]) == (302, BACK)
    assert pavel_uploads.program.get("profile") == before


def test_hashes_of_somebody_else(pavel_uploads: Uploader, nikolay_uploads: Uploader) -> None:
    stolen = {**pavel_uploads.album, "id": 6, "oid": 6}
    nikolay_uploads.send(stolen, one("file1"))
    nikolay_uploads.send({**pavel_uploads.main, "id": 6}, one("file"))
    nikolay_uploads.send(pavel_uploads.album, one("file1"))
    swapped = {**nikolay_uploads.main, "hash": nikolay_uploads.main["rhash"], "rhash": nikolay_uploads.main["hash"]}
    nikolay_uploads.send(swapped, one("file"))
    assert (len(pavel_uploads.photos()), nikolay_uploads.photos()) == (34, [])


@pytest.mark.parametrize(
    "back",
    [
        "http://durov.ru/#1",
        "http://durov.ru",
        "https://durov.ru/a?b=c",
        "HTTP://DUROV.RU/",
        "http://cs190.userapi.com/x",
        "http://durov.ru/#;photos=1&x='y'",
    ],
)
def test_back_to_places_we_know(pavel_uploads: Uploader, back: str) -> None:
    assert pavel_uploads.send(pavel_uploads.main, one(), back=back).headers["Location"] == back.replace(
        "HTTP://DUROV.RU", "http://durov.ru"
    )


def test_letters_in_back_are_written_in_ascii(pavel_uploads: Uploader) -> None:
    response = pavel_uploads.send(pavel_uploads.main, one(), back="http://durov.ru/#фото")
    assert response.headers["Location"] == "http://durov.ru/#%D1%84%D0%BE%D1%82%D0%BE"


@pytest.mark.parametrize(
    "back",
    [
        "",
        "durov.ru",
        "/index.html",
        "//durov.ru/",
        "http://evil.example/",
        "http://durov.ru.evil.example/",
        "http://evildurov.ru/",
        "http://durov.ru@evil.example/",
        "http://durov.ru:80@evil.example/",
        "http://evil.example\\@durov.ru/",
        "http://durov.ru\\.evil.example/",
        "http://durov.ru:81/",
        "http:durov.ru",
        "http:///durov.ru",
        "javascript:alert(1)//durov.ru",
        "data:text/html,durov.ru",
        "ftp://durov.ru/",
        "http://durov.ru/\r\nSet-Cookie: a=b",
        "http://durov.ru/\nX: y",
        "http://durov.ru/\tx",
        " http://durov.ru/",
        "http://durov.ru /",
        "http://durov。ru/",
        "http://ⅾurov.ru/",
        "http://durov.ru/" + "x" * 5000,
    ],
)
def test_back_to_anywhere_else_ends_at_the_site(pavel_uploads: Uploader, back: str) -> None:
    for in_query in (True, False):
        response = pavel_uploads.send(pavel_uploads.main, one(), in_query=in_query, back=back)
        assert (response.status_code, response.headers["Location"]) == (302, HOME)
        assert "Set-Cookie" not in response.headers


def test_strangers_end_at_the_gateway(gateway: Flask) -> None:
    response = gateway.test_client().get("/upload.php?back=http://evil.example/", base_url="http://cs190.userapi.com")
    assert (response.status_code, response.headers["Location"]) == (302, "http://cs190.userapi.com/index.html")


def test_the_site_self(make_gateway: MakeGateway) -> None:
    uploader = Uploader(Program(make_gateway()).log_in(site=1))
    response = uploader.send(uploader.main, one(), back="http://evil.example/")
    assert response.headers["Location"] == "http://cs190.userapi.com/index.html"


def test_requests_that_are_no_form_with_files(pavel_uploads: Uploader) -> None:
    before = pavel_uploads.program.get("profile")
    query = urlencode({**pavel_uploads.main, "sid": pavel_uploads.program.sid, "back": BACK})
    client = pavel_uploads.program.client
    for content_type in ("multipart/form-data; boundary=x", "multipart/form-data", "image/jpeg", "x"):
        response = client.post("/upload.php", query_string=query, data=b"--x\r\n\xff{broken", content_type=content_type)
        assert (response.status_code, response.headers["Location"]) == (302, BACK)
    assert client.get("/upload.php", query_string=query).headers["Location"] == BACK
    assert client.post("/upload.php", query_string="x" * 300_000).status_code == 302
    assert pavel_uploads.program.get("profile") == before


def test_a_request_that_is_too_long_is_read_to_its_end(
    pavel_uploads: Uploader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_module, "MOST_REQUEST_BYTES", 1000)
    query = urlencode({**pavel_uploads.main, "sid": pavel_uploads.program.sid, "back": BACK})
    body = BytesIO(bytes(200_000))
    response = pavel_uploads.program.client.post(
        "/upload.php", query_string=query, input_stream=body, content_length=200_000, content_type="multipart/form-data"
    )
    assert response.headers["Location"] == BACK
    assert body.read() == b""


def test_uploads_have_a_limit(make_gateway: MakeGateway) -> None:
    uploader = Uploader(Program(make_gateway(limits={"upload": "2/3600"})).log_in())
    for _ in range(3):
        assert uploader.send(uploader.album, one("file1")).headers["Location"] == BACK
    assert len(uploader.photos()) == 36


def test_every_file_counts(make_gateway: MakeGateway) -> None:
    uploader = Uploader(Program(make_gateway(limits={"upload": "7/3600"})).log_in())
    six = [(f"file{number}", jpeg(), "a.jpg") for number in range(1, 7)]
    for files in (six, six, one("file1"), one("file1")):
        assert uploader.send(uploader.album, files).headers["Location"] == BACK
    assert len(uploader.photos()) == 34 + 6 + 1


@pytest.mark.parametrize("place", ["send", "photos.save"])
def test_all_photos_are_stored_or_none(
    pavel_uploads: Uploader, gateway: Flask, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    rooms, before = gateway.extensions["userapi_gw"], pavel_uploads.photos()
    target, name = (rooms.media, "send") if place == "send" else (rooms.client, "call")
    real, calls = getattr(target, name), []

    def fail_at_last(*arguments: Any, **named: Any) -> Any:
        calls.append(place == "send" or place in arguments)
        if calls.count(True) == 3 and calls[-1]:
            raise Failure(Kind.BACKEND_AWAY)
        return real(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(target, name, fail_at_last)
        files = [(f"file{number}", jpeg(), "a.jpg") for number in range(1, 4)]
        assert pavel_uploads.send(pavel_uploads.album, files).headers["Location"] == BACK
    assert calls.count(True) == 3
    assert pavel_uploads.photos() == before


def test_a_body_that_is_cut_off(pavel_uploads: Uploader, caplog: pytest.LogCaptureFixture) -> None:
    class Silent(BytesIO):
        def read(self, *_: object) -> bytes:
            raise TimeoutError

    query = urlencode({**pavel_uploads.main, "sid": pavel_uploads.program.sid, "back": BACK})
    environ = {"wsgi.input": Silent(), "CONTENT_LENGTH": "100", "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    response = pavel_uploads.program.client.post("/upload.php", query_string=query, environ_overrides=environ)
    assert response.headers["Location"] == BACK
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_secrets_stay_out_of_the_log(pavel_uploads: Uploader, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="userapi_gw")
    pavel_uploads.send(pavel_uploads.main, one())
    pavel_uploads.send({**pavel_uploads.main, "rhash": "x"}, one())
    assert "upload: forbidden: hash" in caplog.text
    for secret in (pavel_uploads.program.sid, pavel_uploads.main["hash"], pavel_uploads.main["rhash"]):
        assert secret not in caplog.text


def test_a_dead_token_ends_the_session(pavel_uploads: Uploader, gateway: Flask) -> None:
    program = pavel_uploads.program
    rooms = gateway.extensions["userapi_gw"]
    end_grant(program)
    assert pavel_uploads.send(pavel_uploads.main, one()).headers["Location"] == BACK
    assert rooms.state.sessions.find(program.sid) is None
