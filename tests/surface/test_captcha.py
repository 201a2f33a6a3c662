"""`act=captcha`. UserAPI documentation, "CAPTCHA handling (flood control)"."""

from io import BytesIO
from urllib.parse import quote

import pytest
from flask import Flask
from PIL import Image

from tests.conftest import MakeGateway
from tests.program import Program


def test_a_picture(gateway: Flask) -> None:
    response = Program(gateway).raw("act=captcha&csid=0.615638748369059&back=ignored")
    assert (response.content_type, response.headers["Cache-Control"]) == ("image/png", "no-store")
    with Image.open(BytesIO(response.get_data())) as picture:
        picture.load()
        assert (picture.format, picture.size) == ("PNG", (160, 60))
        assert len(picture.getcolors(160 * 60) or []) > 20


def test_every_picture_is_another(gateway: Flask) -> None:
    program = Program(gateway)
    assert len({program.raw("act=captcha&csid=1").get_data() for _ in range(5)}) == 5


@pytest.mark.parametrize("csid", ["x" * 64, "я" * 64, "0", "-1", "' or 1=1 --", "<b>", "\u2028", "%"])
def test_any_short_text_is_a_csid(gateway: Flask, csid: str) -> None:
    assert Program(gateway).raw(f"act=captcha&csid={quote(csid)}").content_type == "image/png"


@pytest.mark.parametrize("query", ["", "&csid=", "&csid=%00", "&csid=" + "x" * 65, "&csid=" + "%D1%8F" * 5000])
def test_what_is_no_csid(gateway: Flask, query: str) -> None:
    assert Program(gateway).raw("act=captcha" + query).get_data() == b'{"ok":0}'


def test_pictures_are_limited_by_address(make_gateway: MakeGateway) -> None:
    program = Program(make_gateway(limits={"captcha": "2/60"})).log_in()
    kinds = [program.raw(f"act=captcha&csid=1&sid={program.sid * (n % 2)}").content_type for n in range(3)]
    assert kinds == ["image/png", "image/png", "application/json; charset=utf-8"]
    assert program.raw("act=captcha&csid=1").get_data() == b'{"ok":-2}'
    elsewhere = program.client.get("/data?act=captcha&csid=1", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.content_type == "image/png"
