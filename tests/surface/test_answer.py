import gzip
import json

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from userapi_gw.dialect import DIALECTS
from userapi_gw.surface.answer import callback_name, respond, spell, spelled

NEW, OLD = DIALECTS["2009"], DIALECTS["2008"]
ANSWER = {"ok": -1, "d": [[1, "Привет"]]}


def test_2009_spells_without_blanks_and_2008_with() -> None:
    assert spell(ANSWER, NEW, "") == '{"ok":-1,"d":[[1,"Привет"]]}'.encode()
    assert spell(ANSWER, OLD, "") == '{"ok": -1, "d": [[1, "Привет"]]}'.encode()


def test_jsonp_is_the_name_the_json_and_nothing_else() -> None:
    assert spell({"ok": 1}, NEW, "reqs[120].resultFunc") == b'reqs[120].resultFunc({"ok":1});'


def test_line_separators_do_not_end_a_line_of_javascript() -> None:
    assert spell("a\u2028b\u2029c", NEW, "") == b'"a\\u2028b\\u2029c"'


def test_half_a_surrogate_pair_does_not_stop_an_answer() -> None:
    assert spell("\ud800", NEW, "") == b'"?"'


@pytest.mark.parametrize(
    "name", ["processFriends", "reqs[120].resultFunc", "ureqs[1].resultFunc", "faved=eval", "$x._y"]
)
def test_names_of_real_programs_are_called_back(name: str) -> None:
    assert callback_name(name) == name


@pytest.mark.parametrize("name", ["", "alert(1)//", "a;b", "<script>", "a b", "1a", "ф", "a\n", "a" * 101, "a-b"])
def test_other_names_get_plain_json(name: str) -> None:
    assert callback_name(name) == ""


@pytest.mark.parametrize(("accepts", "encoded"), [("gzip, deflate", True), ("identity", False), ("gzip;q=0", False)])
def test_gzip_when_accepted(accepts: str, encoded: bool) -> None:
    request = Request(EnvironBuilder(headers={"Accept-Encoding": accepts}).get_environ())
    answer = [["x" * 50]] * 20
    response = respond(spelled(answer, NEW, request, ""))  # type: ignore[arg-type]
    body = response.get_data()
    assert (response.headers.get("Content-Encoding") == "gzip") is encoded
    assert json.loads(gzip.decompress(body) if encoded else body) == answer
    assert int(response.headers["Content-Length"]) == len(body)
