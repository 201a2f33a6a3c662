"""A backend that fails, under every act: the protocol's own answers, nothing twice, and afterwards all is well."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests import faults
from tests.faults import Fault, Faulty, vk_error
from tests.fixtures import load
from tests.outages.conftest import BLINK, client_of
from tests.program import Program, answer_of
from userapi_gw.acts import ACTS
from userapi_gw.embedded.registry import METHODS

WRITES = tuple(name for name, method in METHODS.items() if method.writes)

FAULTS = (
    faults.reset_before, faults.reset_after, faults.hang_before, faults.hang_after, faults.late, faults.drip,
    faults.truncated, faults.cut_off, faults.html_500, faults.html_500_after, faults.bad_gateway, faults.wrong_type,
    vk_error(6), vk_error(9), vk_error(14), vk_error(29),
)  # fmt: skip
HARMLESS = (faults.late, faults.wrong_type)
REFUSED = ({"ok": 0}, {"ok": -2}, [], {"n": 0, "d": []})


def parameters_of(query: str) -> dict[str, str]:
    changing = ("sid", "ts", "fcsid", "fccode")
    return {name: values[-1] for name, values in parse_qs(query).items() if name not in changing}


SAMPLES = {
    sample["act"]: sample
    for sample in (parameters_of(urlsplit(fixture.content.request).query) for fixture in reversed(load()))
    if sample.get("act") in ACTS
}
"""A request for each act, from the samples of the documentation."""


def ask(program: Program, act: str) -> TestResponse:
    return program.raw(urlencode({**SAMPLES[act], "sid": program.sid}))


def try_under(fault: Fault, act: str, program: Program, faulty: Faulty) -> TestResponse:
    """Ask while all calls fail, with nothing remembered from before; afterwards the server is well again."""
    client_of(program.gateway).forget(1)
    faulty.hit(fault)
    response = ask(program, act)
    faulty.heal()
    client_of(program.gateway).breaker.close()
    return response


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_every_act_under_every_fault(
    fault: Fault, gateway: Flask, faulty: Faulty, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pavel = Program(gateway).log_in()
    with monkeypatch.context() as patch:
        if fault not in HARMLESS:
            patch.setattr(client_of(gateway), "timeout", BLINK)
        for act in SAMPLES:
            response = try_under(fault, act, pavel, faulty)
            assert response.status_code == 200, act
            written = faulty.forwarded(*WRITES)
            assert len(written) == len(set(written)), (act, written)
            if faulty.seen and not ACTS[act].writes and act != "history" and fault not in HARMLESS:
                assert answer_of(response) in REFUSED, act
    assert [record for record in caplog.records if record.exc_info] == []
    reading = [act for act in SAMPLES if not ACTS[act].writes and act != "captcha"]
    assert [act for act in reading if answer_of(ask(pavel, act)) in ({"ok": 0}, {"ok": -1}, {"ok": -2})] == []
