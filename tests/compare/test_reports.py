"""Reports tell everything, in forms that stay whole whatever the answers hold."""

import json
import re
from html.parser import HTMLParser
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.compare.sides import exchange
from tests.compare.test_structure import HOSTILE as HOSTILE_BODIES
from userapi_gw.compare.comparison import NEW, OLD, Options, comparing
from userapi_gw.compare.reports import Report, print_tables, write_json, write_junit, write_page
from userapi_gw.replay.exchange import Exchange

HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=y>\x1b[31m\x00\u2028\ud800]]>"
SECRET = "5" * 32
OLD_SIDE = [
    exchange("wall", {"n": 1, "d": [[5, 1224745161, [HOSTILE], [1, "Pavel"], [1]]]}, 1, id=1),
    exchange(HOSTILE.encode("utf-8", "replace").decode(), {HOSTILE: [HOSTILE]}, 2, q="<b>"),
    exchange("friends", [[3, "V", "0", 0]], 3, id=1),
    exchange("captcha", b"\x89PNG<b>", 4),
    exchange("fave", {"n": 0, "d": [], "pr": {"hash": SECRET}}, 5),
    exchange("profile", {"id": 1, "pr": {"pa": 1, "hash": SECRET, "rhash": SECRET}}, 6),
]
NEW_SIDE = [
    exchange("wall", {"n": 1, "d": [[5, 1224745161, [HOSTILE + "!"], [1, "Pavel"], [1]]]}, 1, id=1),
    exchange(HOSTILE.encode("utf-8", "replace").decode(), {HOSTILE: [1]}, 2, q="<b>"),
    exchange("friends", [[3, "V", "0", 0]], 3, id=1),
    exchange("captcha", b"<i>", 4),
    exchange("profile", {"id": 1}, 6),
]


class Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.fixture
def report() -> Report:
    with comparing(Options()) as comparison:
        comparison.fill(OLD, OLD_SIDE)
        comparison.fill(NEW, NEW_SIDE)
        comparison.run()
        yield Report(comparison, "a.jsonl", "<b>b</b>.jsonl")  # type: ignore[misc]


def test_json_is_what_its_documentation_says(report: Report) -> None:
    file = StringIO()
    write_json(report, file)
    told = json.loads(file.getvalue())
    assert (told["format"], told["version"], told["old"]) == ("userapi-gw comparison", 1, "a.jsonl")
    assert told["verdicts"] == {"matched": 1, "divergent": 4, "unserved": 1}
    assert {"act": "wall", "position": "d[*].content.text", "what": "value", "count": 1} in told["fields"]
    assert [one["verdict"] for one in told["unmatched"]] == [
        "divergent",
        "divergent",
        "divergent",
        "unserved",
        "divergent",
    ]
    assert told["unmatched"][0]["differences"][0]["position"] == "d[0].content.text"
    assert told["unmatched"][3]["reason"] == "nothing on the new side"
    assert told["unmatched"][3]["request"] == "GET /data?act=fave&sid=***"
    assert SECRET not in file.getvalue()
    assert told["unmatched"][4]["differences"][0]["left"] == "{'pa': 1, 'hash': '***', 'rhash': '***'}"


def test_junit_is_xml_with_a_case_for_each_exchange(report: Report) -> None:
    raw = BytesIO()
    file = TextIOWrapper(raw, "utf-8", errors="backslashreplace")
    write_junit(report, file)
    file.flush()
    suite = ElementTree.fromstring(raw.getvalue())[0]
    assert {name: suite.get(name) for name in ("tests", "failures", "errors")} == {
        "tests": "6", "failures": "5", "errors": "0",
    }  # fmt: skip
    assert [case.find("failure") is None for case in suite] == [False, False, True, False, False, False]
    assert suite[0][0].get("type") == "divergent"
    assert SECRET not in raw.getvalue().decode()


def test_the_page_needs_nothing_and_runs_nothing(report: Report) -> None:
    file = StringIO()
    write_page(report, file)
    text, page = file.getvalue(), Page()
    page.feed(text)
    names = {tag for tag, _ in page.tags}
    assert names == {
        "html", "meta", "title", "style", "h1", "h2", "span", "ul", "li", "b", "p", "table", "tr", "th", "td", "code",
        "details", "summary",
    }  # fmt: skip
    assert not any(name.startswith("on") or name in ("src", "href") for _, told in page.tags for name in told)
    assert "url(" not in text
    assert "@import" not in text
    assert "d[0].content.text" in text
    assert SECRET not in text
    assert len([tag for tag, _ in page.tags if tag == "details"]) == 5


def test_the_screen_gets_no_control_characters(report: Report) -> None:
    file = StringIO()
    print_tables(report, file, 2)
    text = file.getvalue()
    assert not re.search(r"[^\n -~]", text.replace("…", ""))
    assert "6 exchanges: 1 matched, 4 divergent, 1 unserved" in text
    assert "d[0].content.text: value:" in text
    assert "3 more; --json, --html and --junit tell all of them" in text


def test_a_page_of_many_differences_stays_short(tmp_path: Path) -> None:
    def many(letter: str) -> list[Exchange]:
        return [exchange("friends", [[n, letter * 2000, "0", 0] for n in range(1, 80)], n, id=n) for n in range(1, 40)]

    with comparing(Options()) as comparison:
        comparison.fill(OLD, many("a"))
        comparison.fill(NEW, many("b"))
        comparison.run()
        with (tmp_path / "page.html").open("w", encoding="utf-8") as file:
            write_page(Report(comparison, "a", "b"), file)
    assert 100_000 < (tmp_path / "page.html").stat().st_size < 10_000_000


def test_every_report_stands_hostile_bodies(tmp_path: Path) -> None:
    acts = ("friends", "wall", "history", "profile", "photos_comments", "captcha", "x")
    sides = (HOSTILE_BODIES, [*HOSTILE_BODIES[1:], HOSTILE_BODIES[0]])
    old, new = (
        [exchange(acts[n % len(acts)], body, n + 1, id=n) for n, body in enumerate(bodies * len(acts))]
        for bodies in sides
    )
    with comparing(Options()) as comparison:
        comparison.fill(OLD, old)
        comparison.fill(NEW, new)
        comparison.run()
        told = Report(comparison, "a", "b")
        for writer in (write_json, write_junit, write_page):
            with (tmp_path / writer.__name__).open("w", encoding="utf-8", errors="backslashreplace") as file:
                writer(told, file)
        print_tables(told, StringIO(), 1000)
    assert len(ElementTree.parse(tmp_path / "write_junit").getroot()[0]) == len(old)
    assert json.loads((tmp_path / "write_json").read_bytes())["verdicts"]["divergent"] > len(old) / 2
