"""Pictures fetched once, scaled, kept within bounds."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.files import image, jpeg, size_of, written
from tests.servers import Served, serving
from userapi_gw.backend.media import Media
from userapi_gw.pictures import PictureStore
from userapi_gw.pictures import store as store_module


@pytest.fixture
def backend() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def media(backend: Served) -> Iterator[Media]:
    media = Media([backend.place], timeout=5)
    yield media
    media.close()


@pytest.fixture
def store(tmp_path: Path, media: Media) -> Iterator[PictureStore]:
    store = PictureStore(tmp_path, 1, media)
    yield store
    store.close()


def test_a_picture_is_fetched_once_and_survives_the_process(
    store: PictureStore, backend: Served, media: Media, tmp_path: Path
) -> None:
    backend.files["/big.png"] = written(image(300, 300), "PNG")
    store.remember({"/u00001/b_12.jpg": f"{backend.url}/big.png"})
    first = store.picture("/u00001/b_12.jpg")
    assert size_of(first) == ("JPEG", 100, 100)
    backend.files.clear()
    again = PictureStore(tmp_path, 1, media)
    assert (store.picture("/u00001/b_12.jpg"), again.picture("/u00001/b_12.jpg")) == (first, first)
    again.close()
    assert backend.seen == ["/big.png"]


@pytest.mark.parametrize(
    ("letter", "sizes"),
    [
        ("a", ("JPEG", 200, 200)),
        ("b", ("JPEG", 100, 100)),
        ("c", ("JPEG", 50, 50)),
        ("s", ("JPEG", 75, 75)),
        ("m", ("JPEG", 130, 130)),
        ("x", ("JPEG", 604, 604)),
    ],
)
def test_every_size(store: PictureStore, backend: Served, letter: str, sizes: tuple[str, int, int]) -> None:
    backend.files["/p"] = jpeg(700, 700)
    store.remember({f"/u1/{letter}_ab.jpg": f"{backend.url}/p"})
    assert size_of(store.picture(f"/u1/{letter}_ab.jpg")) == sizes


@pytest.mark.parametrize(
    ("known", "asked", "from_", "width"),
    [
        ("bc", "a", "b", 100),
        ("ab", "c", "b", 50),
        ("a", "c", "a", 50),
        ("c", "b", "c", 50),
        ("x", "m", "x", 130),
        ("mx", "s", "m", 75),
        ("s", "x", "s", 75),
    ],
)
def test_sizes_the_backend_does_not_have(
    store: PictureStore, backend: Served, known: str, asked: str, from_: str, width: int
) -> None:
    widths = {"a": 200, "b": 100, "c": 50, "s": 75, "m": 130, "x": 604}
    for letter in known:
        backend.files[f"/{letter}"] = jpeg(widths[letter], widths[letter])
        store.remember({f"/u1/{letter}_ab.jpg": f"{backend.url}/{letter}"})
    assert size_of(store.picture(f"/u1/{asked}_ab.jpg")) == ("JPEG", width, width)
    assert backend.seen == [f"/{from_}"]


@pytest.mark.parametrize(
    "path",
    [
        "/u1/b_00.jpg",
        "/u1/b_AB.jpg",
        "/u1/m_ab.jpg",
        "/u2/b_ab.jpg",
        "/u1/../b_ab.jpg",
        "/u1/b_ab.gif",
        "",
        "/u1/z_a.jpg",
    ],
)
def test_unknown_paths(store: PictureStore, backend: Served, path: str) -> None:
    backend.files["/p"] = jpeg()
    store.remember({"/u1/b_ab.jpg": f"{backend.url}/p"})
    assert store.picture(path) == b""
    assert backend.seen == []


def test_a_picture_that_moved(store: PictureStore, backend: Served) -> None:
    backend.files |= {"/old": jpeg(10, 10), "/new": jpeg(20, 20)}
    store.remember({"/u1/b_ab.jpg": f"{backend.url}/old"})
    store.remember({"/u1/b_ab.jpg": f"{backend.url}/new"})
    assert size_of(store.picture("/u1/b_ab.jpg")) == ("JPEG", 20, 20)


def test_failures_are_empty_and_not_asked_again_at_once(store: PictureStore, backend: Served) -> None:
    backend.files["/text"] = b"no picture"
    store.remember({"/u1/b_a.jpg": f"{backend.url}/text", "/u1/b_b.jpg": f"{backend.url}/missing"})
    assert [store.picture(path) for path in ("/u1/b_a.jpg", "/u1/b_b.jpg") * 2] == [b""] * 4
    assert backend.seen == ["/text", "/missing"]


def test_threads_that_want_one_picture_share_one_call(store: PictureStore, backend: Served) -> None:
    backend.files["/slow"] = jpeg(100, 100)
    backend.hold.clear()
    store.remember({"/u1/b_ab.jpg": f"{backend.url}/slow"})
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(store.picture("/u1/b_ab.jpg"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert backend.arrived.wait(5)
    backend.hold.set()
    for thread in threads:
        thread.join()
    assert found == [jpeg(100, 100)] * 8
    assert backend.seen == ["/slow"]


def test_the_cache_keeps_to_its_size(store: PictureStore, backend: Served, tmp_path: Path) -> None:
    noise = written(image(600, 600).effect_spread(300), "JPEG", quality=98)
    assert len(noise) > 100_000
    for number in range(40):
        backend.files[f"/{number}"] = noise
        store.remember({f"/u1/x_{number:02}.jpg": f"{backend.url}/{number}"})
        assert store.picture(f"/u1/x_{number:02}.jpg")
    stored = sum(file.stat().st_size for file in (tmp_path / "files").rglob("*") if file.is_file())
    assert 0 < stored < 3 * 1024 * 1024  # one megabyte, the index and what comes between two clean-ups
    assert len(noise) * 40 > 2 * stored
    assert store.picture("/u1/x_39.jpg") == noise


def test_only_media_hosts_are_served(store: PictureStore, backend: Served) -> None:
    assert store.serves(f"{backend.url}/p")
    assert not store.serves("http://127.0.0.1/p")
    assert store.original("http://127.0.0.1/p") == b""


def nonsense(file: Path) -> None:
    file.write_bytes(b"nonsense" * 1000)


def broken_pages(file: Path) -> None:
    body = file.read_bytes()
    file.write_bytes(body[:4096] + b"\xff" * (len(body) - 4096))


def empty(file: Path) -> None:
    file.write_bytes(b"")


@pytest.mark.parametrize("damage", [nonsense, broken_pages, empty])
@pytest.mark.parametrize("name", ["addresses", "files"])
def test_a_damaged_cache_begins_anew(
    media: Media, backend: Served, tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    backend.files["/p"] = jpeg(90, 90)
    for _ in range(2):
        store = PictureStore(tmp_path, 1, media)
        store.remember({"/u1/b_ab.jpg": f"{backend.url}/p"})
        assert store.picture("/u1/b_ab.jpg") == jpeg(90, 90)
        store.close()
        damage(tmp_path / name / "cache.db")


def test_a_busy_cache_is_left_alone(store: PictureStore, media: Media, backend: Served, tmp_path: Path) -> None:
    backend.files["/p"] = jpeg(90, 90)
    store.remember({"/u1/b_ab.jpg": f"{backend.url}/p"})
    with closing(sqlite3.connect(tmp_path / "addresses" / "cache.db", isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        PictureStore(tmp_path, 1, media).close()
        writer.execute("ROLLBACK")
    assert store.picture("/u1/b_ab.jpg") == jpeg(90, 90)


def test_failures_take_little_memory(store: PictureStore, backend: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "MEMORY_LIMIT", 4096)
    small = PictureStore(store._folder, 1, store._media)
    for number in range(9):
        small.original(f"{backend.url}/{number}")
    for number in range(9):
        small.original(f"{backend.url}/{number}")
    small.close()
    assert len(backend.seen) == 18  # of nine failures the last four at most are remembered
