"""What is left out on an OpenVK: tests that there are, and not many."""

from pathlib import Path

import pytest

from tests.not_on_openvk import NOT_ON_OPENVK, left_out

ROOT = Path(__file__).parent.parent
MOST = 50


@pytest.mark.parametrize("node_id", NOT_ON_OPENVK)
def test_it_is_a_test(node_id: str) -> None:
    file, _, name = node_id.partition("[")[0].partition("::")
    assert f"def {name or 'test_'}" in (ROOT / file).read_text(encoding="utf-8")


def test_they_are_few() -> None:
    assert len(NOT_ON_OPENVK) < MOST
    files = [name for name in NOT_ON_OPENVK if "::" not in name]
    assert files == ["tests/surface/test_register.py"], "no other suite is left out as a whole"


def test_a_file_or_a_test_stands_for_all_within() -> None:
    assert left_out("tests/surface/test_register.py::test_codes[changes0-1]") == "nobody can register through it"
    assert left_out("tests/test_whole_life.py::test_a_whole_life[sqlite]") == "nobody can register through it"
    assert left_out("tests/test_ok_codes.py::test_it_happens[register 1]") != ""
    assert left_out("tests/test_ok_codes.py::test_it_happens[register -2]") == ""
