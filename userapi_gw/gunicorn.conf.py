# ruff: noqa: N999
"""What the gateway asks of gunicorn, for `userapi-gw serve` and for `gunicorn -c userapi_gw/gunicorn.conf.py wsgi`.

Acts are short and mostly wait for the backend, so threads serve them. Header names keep the capitals they were given:
old programs search answers for `Set-Cookie: remixmid=` as text.
"""

import os
from typing import Any

# Lets in what programs of 2008 send (see its module), and keeps request targets, which hold passwords and sids, out of
# the log. For the same reason there is no access log, and "debug", at which gunicorn prints requests, is never used.
worker_class = "userapi_gw.server.OldClientWorker"
http_parser = "python"  # the C parser has checks of its own which cannot be relaxed
accesslog = None
loglevel = "warning"

threads = 16
keepalive = 15  # seconds; polling programs come back every few seconds
graceful_timeout = 5  # seconds until a worker is killed that does not end; see STOP_SECONDS in userapi_gw/server.py
backlog = 512

# Workers show that they live by touching a file, which blocks them when it lies on a busy disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
control_socket_disable = True  # would want a writable home
# A header named SCRIPT_NAME from this machine would move the application elsewhere; nobody needs that here.
forwarder_headers = ""


def post_worker_init(worker: Any) -> None:
    """Let a worker do at once what an earlier one left: not only when the first request comes."""
    gateway = getattr(worker.wsgi, "extensions", {}).get("userapi_gw")
    if gateway is not None:  # the backend served alone has none
        gateway.start_workers()
