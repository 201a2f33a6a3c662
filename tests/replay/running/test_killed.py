"""A replay that is killed goes on later: nothing that was answered is sent twice, what was under way is told."""

import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from tests.replay.captures import read
from tests.second_server import served
from tests.server_process import PATIENCE, environment, run


@dataclass
class Slow:
    """A server that notes down what it is asked, and lets request number `held` wait."""

    held: int
    seen: list[str] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.seen.append(environ["QUERY_STRING"])
        if len(self.seen) == self.held:
            self.arrived.set()
            self.go_on.wait(PATIENCE)
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", "8")])
        return [b'{"ok":1}']


@pytest.mark.parametrize(("name", "held", "number"), [("har", 3, signal.SIGKILL), ("warc.gz", 4, signal.SIGINT)])
def test_killed_and_gone_on_with(tmp_path: Path, name: str, held: int, number: signal.Signals) -> None:
    """Number 3 reads and 4 writes."""
    queries = [f"act={act}&id={place}" for place, act in enumerate(["wall", "add_wall", "wall", "add_wall", "wall"], 1)]
    (tmp_path / "list").write_text("".join(f"http://userapi.com/data?{query}\n" for query in queries))
    server, out = Slow(held), tmp_path / f"out.{name}"
    with served(server) as url:
        command = ["-m", "userapi_gw", "replay", "list", "--to", url, "--out", out.name, "--allow-writes"]
        with subprocess.Popen(
            [sys.executable, *command], cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL
        ) as process:
            assert server.arrived.wait(PATIENCE)
            process.send_signal(number)
            assert process.wait(PATIENCE) == {signal.SIGKILL: -signal.SIGKILL, signal.SIGINT: 130}[number]
        journal = tmp_path / f"out.{name}.journal"
        assert stat.S_IMODE(journal.stat().st_mode) == 0o600
        server.go_on.set()
        status, printed, errors = run(command, tmp_path)
        assert (status, printed) == (2, "")
        assert errors.startswith(f"userapi-gw: {out.name} exists already; --resume goes on with it.")
        status, printed, errors = run([*command, "--resume"], tmp_path)
    sent_again = [queries[2]] if held == 3 else []
    assert server.seen == [*queries[:held], *sent_again, *queries[held:]]
    found, fault = read(out)
    assert (fault, [one.query for one in found]) == (
        "",
        [query for place, query in enumerate(queries, 1) if place != 4 or held != 4],
    )
    sent = len(queries) - held + 1 - (held == 4)
    told = "Not replayed as recorded: 1 - under way when the replay was stopped; it writes, so it was not sent again"
    lines = [f"Requests sent: {sent}, before this run: {held - 1}."] + [f"{told} (exchange 4)."] * (held == 4)
    assert (status, printed, errors) == (int(held == 4), "".join(f"{line}\n" for line in lines), "")
    assert not journal.exists()
