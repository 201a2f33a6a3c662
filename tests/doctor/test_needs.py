"""The table of needs names what the code really calls, and every act."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import userapi_gw
from userapi_gw.acts import ACTS
from userapi_gw.doctor.facts import LACKS
from userapi_gw.doctor.needs import BY_METHOD, ESSENTIAL, NEEDS, OWN, UPLOAD
from userapi_gw.doctor.ways import Way, ways
from userapi_gw.embedded.openvk.registry import METHODS as OPENVK_METHODS
from userapi_gw.embedded.registry import METHODS

PACKAGE = Path(userapi_gw.__file__).parent
NO_CALLERS = {"embedded", "doctor", "errors.py"}
METHOD = re.compile(r"[a-z]+\.[a-z]+([A-Z][A-Za-z]*)?")
OF_COMMUNITIES = re.compile(r"groups\.|messages\.[a-z]+MessagesFromGroup|messages\.isMessagesFromGroup")
"""Methods called with the key of a community, or about one: no act needs them."""
OWN_ACTS = {"captcha", "prepare_updates"}
"""What the gateway does without any server."""


def texts(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] not in NO_CALLERS:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            yield from (
                node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and type(node.value) is str
            )


def named(folder: Path) -> set[str]:
    """Return the methods the code below a folder names: those of sections that VK-style servers have."""
    sections = {name.partition(".")[0] for name in METHODS} | {"ovk", "execute"}
    found = {text for text in texts(folder) if METHOD.fullmatch(text)}
    return {name for name in found if name.partition(".")[0] in sections and not OF_COMMUNITIES.match(name)}


def test_every_method_the_gateway_calls_is_tried_or_left_out() -> None:
    assert {need.method for need in NEEDS} == named(PACKAGE)


def test_every_method_stands_there_once() -> None:
    assert len(BY_METHOD) == len(NEEDS)


def test_every_act_is_named() -> None:
    assert {act for need in NEEDS for act in need.acts} | OWN_ACTS == {*ACTS, UPLOAD}


def test_what_stands_in_for_a_method_is_one_of_the_methods() -> None:
    through = {method for need in NEEDS if need.instead for method in need.instead.through}
    assert through <= BY_METHOD.keys()
    assert set(ESSENTIAL) <= BY_METHOD.keys()


def test_news_of_tags_come_from_where_the_tags_are() -> None:
    found = {kind: ways(lambda method, lacks=lacks: method not in lacks) for kind, lacks in LACKS.items()}
    assert {kind: acts["updates_tagged_photos"].way for kind, acts in found.items()} == {
        kind: acts["photos_with"].way for kind, acts in found.items()
    }
    assert found["openvk"]["updates_tagged_photos"].way is Way.GATEWAY


def test_every_overlay_is_told_of() -> None:
    replaced = {need.method for need in NEEDS if need.instead}
    elsewhere = {"database.getCities", "database.getSchools", "database.getSchoolsCount"}
    elsewhere |= {"photos.deleteOwnerPhoto", "newsfeed.get", "status.getFriends"}
    asked = {"messages.getHistory", "users.get", "wall.deleteComment"}
    assert replaced - elsewhere == named(PACKAGE / "overlays") - asked


def test_writes_are_tried_with_nothing_to_write() -> None:
    assert [need.method for need in NEEDS if need.writes and need.trial] == []


def test_writes_are_those_of_the_embedded_server() -> None:
    """Addresses for uploads are given out to whoever asks, which the server notes."""
    written = {need.method for need in NEEDS if need.writes}
    addresses = {"photos.getOwnerPhotoUploadServer"}
    assert (
        written & METHODS.keys() == {name for name in BY_METHOD if name in METHODS and METHODS[name].writes} - addresses
    )


def test_trials_ask_about_the_viewer_or_nobody() -> None:
    for need in NEEDS:
        about = {name for name in need.trial or {} if name in ("user_id", "owner_id")}
        assert {(need.trial or {})[name] for name in about} <= {OWN}


def test_openvk_lacks_what_its_emulation_has_not() -> None:
    lacks = {name for name in BY_METHOD if name.lower() not in OPENVK_METHODS}
    assert LACKS["openvk"] == lacks | {"newsfeed.get"}
