"""Plays recorded answers of a server back to a backend: `played(exchanges, {"wall.get": ["wall.get_ext"]})`."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, is_dataclass
from pathlib import Path
from typing import Any

import responses
from requests import PreparedRequest

from userapi_gw.backend.facade import Backend
from userapi_gw.errors import Failure

URL = "http://backend.example"
FIXTURES = Path(__file__).parents[3] / "fixtures"
Answers = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Exchange:
    """One answer of a server to a method (or `/token`, `/upload...`), under a name."""

    name: str
    path: str
    status: int
    content_type: str
    body: Any

    @property
    def method(self) -> str:
        return self.path.partition("?")[0].removeprefix("/method/")

    @property
    def failed(self) -> bool:
        """Whether it is an error, by a code or by a page of HTML."""
        return self.status >= 400 or (isinstance(self.body, dict) and "error" in self.body)

    def sent(self) -> tuple[int, dict[str, str], str]:
        body = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return self.status, {"Content-Type": self.content_type}, body


@dataclass(frozen=True)
class Case:
    """A call of a domain method, and which answers it gets, by method. What is given last is given again."""

    name: str
    call: Callable[[Backend], Any]
    answers: Answers = field(default_factory=dict)
    viewer: int = 2


def load(name: str) -> dict[str, Exchange]:
    """Return the exchanges of a file by name."""
    lines = (FIXTURES / name).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return {row["name"]: Exchange(**{key: row[key] for key in Exchange.__dataclass_fields__}) for row in rows}


@contextmanager
def played(exchanges: Mapping[str, Exchange], answers: Answers, *, optional: Answers | None = None) -> Iterator[None]:
    """Answer as the server did; every answer has to be asked for unless `optional`, and no other method.

    There is no `execute` unless it is among them.
    """
    asked: set[str] = set()

    def answerer(names: list[str]) -> Callable[[PreparedRequest], tuple[int, dict[str, str], str]]:
        left = list(names)

        def answer(_request: PreparedRequest) -> tuple[int, dict[str, str], str]:
            asked.add(left[0])
            return exchanges[left.pop(0) if len(left) > 1 else left[0]].sent()

        return answer

    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for path, names in {"execute": ["unknown_method"], **(optional or {}), **answers}.items():
            url = path if "://" in path else URL + (path if path.startswith("/") else f"/method/{path}")
            mock.add_callback(responses.POST, url, answerer(list(names)), content_type=None)
        yield
    assert {name for names in answers.values() for name in names} <= asked


def outcome(call: Callable[[], Any]) -> Any:
    """Return in JSON's terms what a call returns, or `{"failure": kind}` for the failure it raises."""
    try:
        return plain(call())
    except Failure as failure:
        return {"failure": failure.kind.value}


def plain(value: Any) -> Any:
    """Return what JSON can hold of an answer of the backend."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, frozenset):
        return sorted(plain(one) for one in value)
    return plain(asdict(value)) if is_dataclass(value) and not isinstance(value, type) else value


def understood(name: str) -> dict[str, Any]:
    """Return what was understood of the answers of each case."""
    loaded: dict[str, Any] = json.loads((Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def public_methods() -> set[str]:
    """Return the names of the domain methods: what acts and uploads may call."""
    helpers = {"read", "write", "freshly", "listing", "instead", "collect", "ask", "ask_all", "joins", "recall"}
    parts = {"comment_rows", "comments_of", "has_news"}  # of what other methods do
    names = {name for name in dir(Backend) if not name.startswith("_") and callable(getattr(Backend, name))}
    return names - helpers - parts
