"""Serves a WSGI application with gunicorn, to programs that were written before request targets were policed."""

import atexit
import multiprocessing
import os
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes
from wsgiref.types import WSGIApplication

from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.app.base import Application  # type: ignore[import-untyped]
from gunicorn.http import errors, parser  # type: ignore[import-untyped]
from gunicorn.http.message import Request  # type: ignore[import-untyped]
from gunicorn.workers import gthread  # type: ignore[import-untyped]

from userapi_gw import farewell
from userapi_gw.errors import explain
from userapi_gw.settings import SettingsError
from userapi_gw.settings.checks import split_bind

CONFIG = Path(__file__).with_name("gunicorn.conf.py")
LINE_LIMIT = 1024 * 1024 + 8190
"""Longest request line in bytes: messages travel in it, and a message may be long."""
PRINTABLE = bytes(range(0x21, 0x7F))
"""What gunicorn accepts in a request target."""
STALL_SECONDS = 3.0
"""A client that stops in the middle of a request is dropped after so long; it would keep a thread for itself."""
SILENCE_SECONDS = 0.5
"""A connection on which nothing comes gives its thread back after so long (browsers open some to be quick later)."""
CLOSE_SECONDS = 0.5
"""How long a connection that has ended waits for the program to hang up, too."""
STOP_SECONDS = 2.0
"""How long a stop waits for those who are still being answered."""

Factory = Callable[[], WSGIApplication]


class OldClientBody:
    """A body whose faults are those of a connection that broke off, which is what the application expects.

    Gunicorn has exceptions of its own for broken chunks, and they are no OSError.
    """

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, *size: Any) -> bytes:
        """Read some or all bytes; raises OSError when what comes is no body."""
        return self._safely(self._body.read, *size)

    def readline(self, *size: Any) -> bytes:
        """Read a line; raises OSError as `read` does."""
        return self._safely(self._body.readline, *size)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._body, name)

    @staticmethod
    def _safely(read: Callable[..., bytes], *size: Any) -> bytes:
        try:
            return read(*size)
        except errors.ParseException as error:
            raise OSError(type(error).__name__) from None


class OldClientRequest(Request):  # type: ignore[misc]
    """A request whose target may hold any byte and be long, as programs of 2008 send it.

    pyvk-t sends `id=0` and three raw bytes above 0x7f; programs that paste a name into the address send a raw blank
    (`name=Pavel Durov&sid=`); a long message makes a line of more than gunicorn's 8190 bytes. QUERY_STRING and RAW_URI
    reach the application with these bytes as they came.
    """

    path: str
    body: Any

    def parse(self, unreader: Any) -> Any:
        """Read one request; see gunicorn. The limit of the line is ours, gunicorn caps its own setting."""
        self.limit_request_line = LINE_LIMIT
        unreader.sock.settimeout(STALL_SECONDS)
        return super().parse(unreader)

    def read_into(self, unreader: Any, buf: Any, stop: bool = False) -> None:
        """Read some bytes more. A client that stalls is treated as one that has left."""
        try:
            super().read_into(unreader, buf, stop)
        except TimeoutError:
            raise errors.NoMoreData from None

    def set_body_reader(self) -> None:
        """Choose how the body is read; see gunicorn."""
        super().set_body_reader()
        self.body = OldClientBody(self.body)

    def parse_request_line(self, line_bytes: bytes) -> None:
        """Take all between the first and the last blank for the target, and let gunicorn see it percent-encoded."""
        method, _, rest = line_bytes.partition(b" ")
        target, _, version = rest.rpartition(b" ")
        encoded = quote_from_bytes(target, safe=PRINTABLE)
        super().parse_request_line(b" ".join((method, encoded.encode("ascii"), version)))
        if not self.path:  # http://userapi.com, by way of a proxy setting
            self.path = "/"
        self.uri = target.decode("latin-1")
        self.query = self.uri.partition("#")[0].partition("?")[2]


class OldClientConnection(gthread.TConn):  # type: ignore[misc]
    """A connection whose end nobody waits for.

    Gunicorn closes it only when the program has hung up, too, and waits for that in the one thread that hands out all
    requests: a program that asks with `Connection: close` or HTTP/1.0 and keeps its side open would stop all others.
    """

    closers = ThreadPoolExecutor(8, thread_name_prefix="close")

    def close(self, graceful: bool = False) -> None:
        """Close the socket, after a while if the program may still be sending; see gunicorn."""
        if graceful:
            self.closers.submit(_close_later, self.sock)
        else:
            super().close()


def _close_later(sock: socket.socket) -> None:
    sock.setblocking(True)
    util.close_graceful(sock, timeout=CLOSE_SECONDS)


class OldClientWorker(gthread.ThreadWorker):  # type: ignore[misc]
    """Gunicorn's threaded worker, reading requests as `OldClientRequest`."""

    def init_process(self) -> None:
        """Start the worker; see gunicorn, which has no setting for the class of requests."""
        parser.RequestParser.mesg_class = OldClientRequest
        gthread.TConn = OldClientConnection
        gthread.DEFAULT_WORKER_DATA_TIMEOUT = SILENCE_SECONDS
        # The last thing before the interpreter takes its handlers away: an alarm after that would kill it with a noise.
        atexit.register(signal.setitimer, signal.ITIMER_REAL, 0)
        super().init_process()

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Stop after what is being answered, but do not let one connection hold up the end."""
        super().handle_exit(sig, frame)
        signal.signal(signal.SIGALRM, self.handle_quit)
        signal.setitimer(signal.ITIMER_REAL, STOP_SECONDS)

    def handle_quit(self, sig: int, frame: Any) -> None:
        """Stop now. Gunicorn's own way out would wait for every thread, and one may be reading from a silent client."""
        try:
            farewell.say()
        finally:
            os._exit(0)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer a request that failed outside of the application, telling only the kind of failure.

        Gunicorn would quote the request in its log and in the answer: URLs hold passwords and sids.
        """
        status, reason = _refusal(exc)
        self.log.warning("A request was refused: %s %s (%s)", status, reason, type(exc).__name__)
        try:
            util.write_error(client, status, reason, "")
        except OSError:
            self.log.debug("The client did not wait for the refusal.")


def _refusal(exc: Exception) -> tuple[int, str]:
    if isinstance(exc, errors.LimitRequestLine):
        return 414, "URI Too Long"
    if isinstance(exc, errors.LimitRequestHeaders):
        return 431, "Request Header Fields Too Large"
    if isinstance(exc, errors.ParseException):
        return 400, "Bad Request"
    return 500, "Internal Server Error"


class _Server(Application):  # type: ignore[misc]
    """Gunicorn set up by `gunicorn.conf.py` and a few numbers of ours, command line and environment left out."""

    def __init__(self, factory: Factory, options: dict[str, Any]) -> None:
        self.factory, self.options = factory, options
        super().__init__()

    def load_config(self) -> None:
        self.load_config_from_file(str(CONFIG))
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        return self.factory()


def listen(bind: str) -> socket.socket:
    """Return a listening socket for `host:port`. Raises SettingsError: taken, not ours, no such address."""
    host, port = split_bind(bind)
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=512)
    except (OSError, UnicodeError) as error:
        reason = str(getattr(error, "strerror", None) or "not a host name").partition(" (")[0]
        raise SettingsError(f"bind: cannot listen on {bind}: {reason}") from None


def address_of(listener: socket.socket) -> str:
    """Return where a socket listens as `host:port`, with brackets around IPv6."""
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def rehearse(factory: Callable[[], object]) -> None:
    """Build the application once in a process of its own, so that what is made on first start is made by one.

    Database connections do not survive a fork, therefore not here. Raises SettingsError with the reason in one line.
    """
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_rehearsal, args=(factory, sender), daemon=True)
    child.start()
    sender.close()
    try:
        reason: str | None = receiver.recv()
    except EOFError:
        child.join()
        reason = f"the trial start ended with status {child.exitcode}"
    finally:
        receiver.close()
    child.join()
    if reason is not None:
        raise SettingsError(reason)


def _rehearsal(factory: Callable[[], object], sender: Connection) -> None:
    try:
        factory()
    except SettingsError as error:
        sender.send(str(error))
    except Exception as error:  # whatever it is, the operator gets one line
        sender.send(f"cannot start: {explain(error)}")
    else:
        sender.send(None)


def run(factory: Factory, listener: socket.socket, workers: int, threads: int) -> None:
    """Serve until SIGINT or SIGTERM, then leave with SystemExit(0). Each worker builds its own application."""
    bind = f"fd://{listener.detach()}"
    _Server(factory, {"bind": bind, "workers": workers, "threads": threads}).run()
