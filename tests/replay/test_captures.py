"""Every format: round trips of our own files, files of other programs, broken ones."""

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.replay.captures import EXCHANGES, SID, encoded, read, wget_warc
from userapi_gw.replay.writing import ENCODERS

LOG = (
    b'10.0.0.1 - - [01/Jan/2009:03:00:00 +0300] "GET /data?act=wall&id=1 HTTP/1.1" 200 99 "-" "Opera/9 \\"x\\""\n'
    b'10.0.0.1 - - [01/Jan/2009:03:00:01 +0300] "\\x16\\x03\\x01" 400 0 "-" "-"\n'
    b'10.0.0.1 - u [01/Jan/2009:03:00:02 +0300] "GET /data?act=set_activity&text=\\xEF\\xF0 \xd0\xbf HTTP/1.0" 200 -\n'
)
LIST = b"# kept from 2009\n\nhttp://userapi.com/data?act=wall&id=1\n/data?act=inbox\nPOST userapi.com/data?act=fave\n"


@pytest.mark.parametrize("name", ENCODERS)
def test_what_is_written_is_read(tmp_path: Path, name: str) -> None:
    assert read(tmp_path / "capture", encoded(EXCHANGES, name)) == (EXCHANGES, "")


@pytest.mark.parametrize("name", ["jsonl", "har"])
def test_zipped_files_are_read(tmp_path: Path, name: str) -> None:
    assert read(tmp_path / "capture", gzip.compress(encoded(EXCHANGES, name))) == (EXCHANGES, "")


@pytest.mark.parametrize("zipped", [False, True])
def test_a_warc_of_wget(tmp_path: Path, zipped: bool) -> None:
    found, fault = read(tmp_path / "capture", wget_warc(zipped=zipped))
    assert fault == ""
    assert [(one.number, one.method, one.url) for one in found] == [
        (1, "GET", f"http://userapi.com/data?act=wall&sid={SID}"),
        (2, "GET", f"http://userapi.com/data?act=inbox&sid={SID}"),
    ]
    assert [one.body for one in found] == [b'{"n": 0, "d": ["wall"]}', b'{"n": 0, "d": ["inbox"]}']
    assert {one.headers for one in found} == {(("X-Kept", "yes"),)}


def test_an_access_log(tmp_path: Path) -> None:
    found, fault = read(tmp_path / "capture", LOG)
    assert fault == ""
    assert [(one.number, one.began, one.method, one.url, one.request_headers, one.status) for one in found] == [
        (1, 1230768000.0, "GET", "/data?act=wall&id=1", (("User-Agent", 'Opera/9 "x"'),), None),
        (2, 1230768002.0, "GET", "/data?act=set_activity&text=\xef\xf0 \xd0\xbf", (), None),
    ]
    assert found[1].parameters["text"] == "\xef\xf0 \xd0\xbf"


def test_a_list_of_addresses(tmp_path: Path) -> None:
    found, fault = read(tmp_path / "capture", LIST)
    assert fault == ""
    assert [(one.number, one.method, one.url) for one in found] == [
        (1, "GET", "http://userapi.com/data?act=wall&id=1"),
        (2, "GET", "/data?act=inbox"),
        (3, "POST", "http://userapi.com/data?act=fave"),
    ]


def test_bad_lines_are_told_and_the_others_are_read(tmp_path: Path) -> None:
    first, *rows = encoded(EXCHANGES, "jsonl").splitlines(keepends=True)
    broken = first + rows[0] + rows[1][:40] + b"\n" + b'{"request": {"method": "GET"}}\n' + rows[2]
    found, fault = read(tmp_path / "capture", broken)
    assert [one.url for one in found] == [EXCHANGES[0].url, EXCHANGES[2].url]
    assert fault == "line 3: broken or cut off (and 1 more)"
    assert read(tmp_path / "capture", LIST + b"???\n")[1] == "line 6: not an address"
    assert read(tmp_path / "capture", LOG + b"10.0.0.1 - - [01/Jan")[1] == "line 4: not a line of an access log"
    assert read(tmp_path / "capture", b'{"format": "userapi-gw capture", "version": 2}\n')[1] == (
        "line 1: version: input should be less than or equal to 1"
    )


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "the file is empty"),
        (b"\x89PNG", "no capture: neither WARC, HAR, JSON lines, an access log nor a list of addresses"),
        (b"\x1f\x8b\x08 no gzip at all", "the gzip stream is broken or cut off after exchange 0"),
        (b'{"log": {"version": "1.2"', "the file breaks off before its first entry"),
        (b'{"log": {"entries": [{"request": 1}]}}', "entry 1: request: input should be a valid dictionary or instance"),
        (b"WARC/1.1\r\nWARC-Type: request\r\n\r\n", "record 1: its Content-Length is missing or no number"),
    ],
)
def test_no_capture(tmp_path: Path, content: bytes, fault: str) -> None:
    found, told = read(tmp_path / "capture", content)
    assert found == []
    assert told.startswith(fault)


WHOLE = {name: encoded(EXCHANGES, name) for name in ENCODERS} | {
    "wget": wget_warc(zipped=False),
    "wget.gz": wget_warc(zipped=True),
    "log": LOG,
    "list": LIST,
    "jsonl.gz": gzip.compress(encoded(EXCHANGES, "jsonl")),
}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_file_that_is_cut_anywhere_gives_what_it_has(tmp_path: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(WHOLE)))
    content = WHOLE[name]
    whole, _ = read(tmp_path / "whole", content)
    cut = data.draw(st.integers(0, len(content) - 1))
    found, fault = read(tmp_path / "cut", content[:cut])
    is_whole = [one in whole or one.status is None for one in found]
    assert all(is_whole[:-1] if name in ("log", "list") else is_whole), fault
    assert "\n" not in fault
    assert fault or found == whole or name != "har"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_an_error_and_no_traceback(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(WHOLE[data.draw(st.sampled_from(sorted(WHOLE)))])
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=5)):
        content[place] = data.draw(st.integers(0, 255))
    read(tmp_path / "damaged", bytes(content))
