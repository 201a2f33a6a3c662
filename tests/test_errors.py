import pytest

from userapi_gw.errors import TABLE, VK_CODES, Failure, Kind, from_vk_code


def test_every_kind_of_failure_has_its_row() -> None:
    assert set(TABLE) == set(Kind)


@pytest.mark.parametrize(("kind", "outcome"), TABLE.items())
def test_every_failure_is_a_code_of_the_documentation(kind: Kind, outcome: object) -> None:
    failure = Failure(kind)
    assert failure.outcome is outcome
    assert failure.outcome.ok in (0, -1, -2, -3)
    assert failure.outcome.redirect in (-1, -2, -3, -4)


@pytest.mark.parametrize(("code", "kind"), VK_CODES.items())
def test_vk_codes(code: int, kind: Kind) -> None:
    assert from_vk_code(code).kind is kind


def test_unheard_of_vk_codes_are_the_backends_fault() -> None:
    assert from_vk_code(987654).kind is Kind.BACKEND_BROKEN
