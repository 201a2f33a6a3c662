"""What is recorded while programs are served, and what is not."""

import json
import os
import re
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask

from tests.conftest import MakeGateway
from tests.files import jpeg
from tests.letters import texts
from tests.program import PASSWORD, Program, answer_of
from tests.replay.captures import read
from tests.replay.recorded import record
from tests.server_process import started
from userapi_gw.replay.writing import ENCODERS

EMAIL, NEW_PASSWORD = "new.Person+1@mail.example", "тайна & 100%"


@pytest.mark.parametrize("name", ENCODERS)
def test_no_secret_that_went_in_comes_out(make_gateway: MakeGateway, tmp_path: Path, name: str) -> None:
    gateway = make_gateway()
    record(gateway, tmp_path / "capture", name)
    secrets = live(gateway)
    content = (tmp_path / "capture").read_bytes()
    found, fault = read(tmp_path / "capture")
    assert fault == ""
    assert {one.act for one in found} == {"auth", "captcha", "register", "profile", "upload", "add_wall", "inbox", ""}
    told = "\n".join(str(part) for one in found for part in vars(one).values() if part is not found)
    told += "\n".join(json.dumps(one.parameters, ensure_ascii=False) for one in found) + content.decode("latin-1")
    for secret in secrets:
        for form in (
            secret,
            quote(secret),
            quote(secret, safe=""),
            json.dumps(secret)[1:-1],
            str(secret.encode())[2:-1],
        ):
            assert form.lower() not in told.lower(), form
    assert "тайный вход" not in told
    assert any("привет" in one.body.decode(errors="replace") for one in found)


def live(gateway: Flask) -> set[str]:
    """Use everything of the old shore; returns all secrets there were."""
    program = Program(gateway, {"Referer": f"http://durov.ru/?sid={'9' * 31}f"})
    program.raw("act=captcha&csid=8123456")
    captcha = {"csid": "8123456", "ccode": gateway.extensions["userapi_gw"].state.captchas.issue("8123456")}
    asked = {"fn": "Анна", "ln": "Новая", "email": EMAIL, "pass": NEW_PASSWORD, "site": 2}
    assert program.get("register", **asked, **captcha) == 1
    (text,) = texts(gateway)
    cid = re.search("confirm=([0-9a-f]{32})", text)[1]  # type: ignore[index]
    program.auth(login="confirm", cid=cid, site=2)
    first = program.log_in().sid
    cookies = [cookie.value for cookie in program.client._cookies.values() if cookie.key == "remixpassword"]
    program.get("add_wall", id=1, message="привет")
    profile = program.get("profile", id=1)
    form = {name: profile["pr"][name] for name in ("hash", "rhash")}
    hashes = {*form.values(), profile["ph"]["hash"], profile["ph"]["rhash"]}
    program.client.post(
        f"/upload.php?act=lprofile&sid={first}&id=1&oid=1&back={quote('http://durov.ru/?sid=' + first)}",
        data={**form, "photo": (BytesIO(jpeg(60, 60)), "a.jpg")},
        base_url="http://userapi.com",
    )
    program.client.get(profile["bp"], base_url="http://userapi.com")
    program.client.get("/login", base_url="http://userapi.com")
    program.client.post("/login", data={"email": EMAIL, "pass": "тайный вход"}, base_url="http://userapi.com")
    program.auth(login="auto", site=2)
    program.auth(login="logout", site=2, sid=first)
    assert answer_of(program.raw(f"act=inbox&sid={first}")) == {"ok": -1}
    return {first, EMAIL, NEW_PASSWORD, "test@test.com", f"pass={PASSWORD}", cid, "8123456", *cookies, *hashes}


def test_a_full_disk_does_not_keep_programs_from_their_answers(
    gateway: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    record(gateway, tmp_path / "capture", "har")
    write = os.pwrite
    monkeypatch.setattr("os.pwrite", lambda handle, block, place: write(handle, block[:300], place))
    assert Program(gateway).log_in().get("inbox", **{"from": 0, "to": 0})["d"] == []
    assert caplog.messages[-1] == "an exchange was not recorded: OSError: the disk took a part only"
    monkeypatch.undo()
    Program(gateway).get("wall")
    found, fault = read(tmp_path / "capture")
    assert (fault, [one.act for one in found]) == ("", ["wall"])


def test_workers_record_together_and_nothing_is_lost_when_all_are_killed(tmp_path: Path) -> None:
    command = ["-m", "userapi_gw", "record", "--out", "all.warc.gz", "--bind", "127.0.0.1:0", "--workers", "2"]
    with started(command, tmp_path) as server:
        for turn in range(30):
            server.send(f"GET /data?act=cities&parent=1&q={turn} HTTP/1.0\r\n\r\n".encode())
        server.send(b"GET /healthz HTTP/1.0\r\n\r\n")
        server.process.kill()
    found, fault = read(tmp_path / "all.warc.gz")
    assert fault == ""
    assert sorted(int(one.parameters["q"]) for one in found) == [*range(30)]
