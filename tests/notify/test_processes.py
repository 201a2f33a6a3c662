"""Started `userapi-gw notify run` processes on one database: one is killed while it sends."""

import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.conftest import MakeGateway
from tests.databases import TestDatabase
from tests.mail_server import mail_server
from tests.notify.news import rooms
from tests.server_process import popen
from userapi_gw.notify.letters import activation

COUNT = 20


def test_a_killed_process_loses_nothing_and_doubles_nothing(
    make_gateway: MakeGateway, database: TestDatabase, tmp_path: Path
) -> None:
    with mail_server() as post_office:
        gateway = make_gateway(smtp_url=post_office.url)
        outbox, sender = rooms(gateway).state.notifications, rooms(gateway).sender()
        for number in range(COUNT):
            letter = activation("n@example.org", f"{number}@mail.example", "link", 3)
            outbox.post("activation", letter.as_string(), str(number))
        variables = {
            "USERAPI_GW_DATABASE_URL": database.url,
            "USERAPI_GW_DATA_DIR": str(tmp_path / "data"),
            "USERAPI_GW_SECRET_KEY": "0" * 32,
            "USERAPI_GW_SMTP_URL": post_office.url,
        }
        command = ["-m", "userapi_gw", "notify", "run"]
        post_office.hang()
        with popen(command, tmp_path, **variables) as killed:
            assert post_office.asked.wait(60)  # the mail server has the letter, and the process does not know
            killed.kill()
            killed.communicate()
        post_office.go_on.set()
        with popen(command, tmp_path, **variables) as other:
            try:
                assert other.stdout is not None
                assert other.stdout.readline() == "Sends what waits in the outbox. Ctrl-C stops it.\n"
                assert not sender.do()  # the dead one has them all
                with outbox._database.write() as connection:  # its lease ends: a minute has passed
                    connection.exec_driver_sql("UPDATE notifications SET claimed_until = 1 WHERE claimed_until > 1")
                until(lambda: sender.do() or set(outbox.jobs.counts()) <= {"done", "uncertain"})
                other.send_signal(signal.SIGTERM)
                assert other.wait(30) == 0
            finally:
                other.kill()
    received = Counter(recipients[0] for _, recipients, _ in post_office.letters)
    assert received == Counter(f"{number}@mail.example" for number in range(COUNT))
    assert outbox.jobs.counts() == {"done": COUNT - 1, "uncertain": 1}


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
