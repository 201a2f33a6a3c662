"""The README, the registry of acts and the fixtures tell the same story."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.clients.replay import FOLDER
from tests.fixtures import load
from userapi_gw.acts import ACTS, Act
from userapi_gw.dialect import OPTION_NAMES
from userapi_gw.doctor.report import readme_rows

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
SECTIONS = {
    "Getting friend list for a user", "Getting photo list for a user", "Getting wall message list for a user",
    "Getting photos comments list", "Getting status history for a user", "Getting list of bookmarked users",
    "Getting friends' status updates news", "Getting new friends of friends", "Getting new friends' photos",
    "Getting private messages", "Getting information about cities in a country",
    "Getting information about schools (educational institutes) in a city",
    "Searching users by school and graduation year", "Searching users by name",
    "Getting a user's profile information", "Obtaining miscellaneous data with one request",
    "Periodically obtaining updates history for an object", "CAPTCHA handling (flood control)",
    "Registration of new users", "Editing user's profile", "Editing friends", "Editing bookmarks",
    "Editing education", "Editing photos tags", "Posting new messages and comments",
    "Removing messages and comments", "Undeleting messages and comments", "Uploading photos", "Removing photos",
    "Editing current status",
}  # fmt: skip
"""The headings of the UserAPI documentation that describe acts."""


def with_samples() -> set[str]:
    samples = [fixture.content for fixture in load() if fixture.content.source.startswith("UserAPI documentation")]
    queries = [parse_qs(urlsplit(sample.request).query) for sample in samples]
    return {query["act"][0] for query in queries if "act" in query}


def row(act: Act) -> str:
    form = "bare" if act.form == "bare" else ""
    sample = "sample" if act.name in with_samples() else ""
    return f"| `{act.name}` | {act.summary} | {form} | {sample} |"


@pytest.mark.parametrize("act", ACTS.values(), ids=lambda act: act.name)
def test_every_act_has_its_row_in_the_readme(act: Act) -> None:
    assert row(act) in README.splitlines()


def test_the_readme_has_no_act_that_is_not_served() -> None:
    table = README.partition("## Acts")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(ACTS)


def test_the_table_of_servers_is_that_of_the_doctor() -> None:
    """Shows all of the table to put into the README when it is not there."""
    rows = "\n".join(readme_rows())
    assert rows in README, rows


@pytest.mark.parametrize("act", ACTS.values(), ids=lambda act: act.name)
def test_every_act_names_its_section_of_the_documentation(act: Act) -> None:
    assert act.section in SECTIONS


@pytest.mark.parametrize("recording", sorted(path.stem for path in FOLDER.glob("*.jsonl")))
def test_every_recorded_program_stands_in_the_table(recording: str) -> None:
    assert f"`{recording}`" in README.partition("## Programs")[2].partition("\n## ")[0]


def test_wire_options_in_the_readme_exist() -> None:
    named = re.findall(r"options = \{ (\w+) =", README)
    assert named
    assert set(named) <= OPTION_NAMES


def test_every_act_has_a_fixture() -> None:
    queries = [parse_qs(urlsplit(fixture.content.request).query) for fixture in load()]
    assert set(ACTS) - {query["act"][0] for query in queries if "act" in query} == set()
