"""What all processes of a gateway know of its shadow: values of the one for those of the other, and counts."""

from collections.abc import Iterator, MutableMapping
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from cryptography.fernet import InvalidToken

from userapi_gw.replay.counts import Counts
from userapi_gw.replay.running.bindings import REMIXPASSWORD, SID
from userapi_gw.replay.shared_file import SharedFile
from userapi_gw.state.vault import Vault

UPLOAD_HASH = "hash"
NAME = "shadow.sqlite3"
MOST = {"secrets": 50_000, "twins": 200_000}
"""So many values are kept, the newest."""
EVERY = 500
"""After so many new ones, old ones are removed."""

MATCHED, DIVERGENT, UNSERVED = "matched", "divergent", "unserved"
NO_ANSWER, NO_TWIN, DROPPED = "no answer", "no twin", "dropped"
COUNTED = (MATCHED, DIVERGENT, UNSERVED, NO_ANSWER, NO_TWIN, DROPPED)

_MAKE = "CREATE TABLE IF NOT EXISTS {} (place INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB UNIQUE, value TEXT)"
_MAKE_WHOSE = "CREATE TABLE IF NOT EXISTS whose (url TEXT)"


class Report(NamedTuple):
    """How often what came of a request (`COUNTED`), and how often which difference was found."""

    counts: dict[str, int]
    differences: dict[str, int]


class Book:
    """A file in `folder`, which belongs to the shadow at `url`: another shadow begins an empty one.

    Sids and cookies of the shadow stand in it encrypted. All methods raise sqlite3.Error.
    """

    def __init__(self, folder: Path, url: str, secret_key: str) -> None:
        (folder / NAME).touch(0o600)
        self._file, self._vault = SharedFile(folder / NAME), Vault(secret_key)
        with self._file.changing() as database:
            database.execute(_MAKE_WHOSE)
            if database.execute("SELECT url FROM whose").fetchall() != [(url,)]:
                for table in (*MOST, "whose", "counts"):
                    database.execute(f"DROP TABLE IF EXISTS {table}")
                database.execute(_MAKE_WHOSE)
                database.execute("INSERT INTO whose VALUES (?)", (url,))
            for table in MOST:
                database.execute(_MAKE.format(table))
            Counts(database).prepare()

    def twin(self, key: tuple[str, ...]) -> str | None:
        """Return the shadow's value for one of this gateway; a `key` is its kind, what else names it, and itself."""
        table = _table(key)
        find = f"SELECT value FROM {table} WHERE key = ?"  # noqa: S608 - one of ours
        with self._file.reading() as database:
            found = database.execute(find, (_digest(key),)).fetchone()
        if found is None or table == "twins":
            return found and str(found[0])
        try:
            return self._vault.decrypt(found[0])
        except InvalidToken:  # the secret key has changed, and with it all sids are gone
            return None

    def keep(self, key: tuple[str, ...], value: str) -> None:
        """Remember the shadow's value."""
        table = _table(key)
        kept = value if table == "twins" else self._vault.encrypt(value)
        keep = f"INSERT OR REPLACE INTO {table} VALUES (NULL, ?, ?)"  # noqa: S608 - one of ours
        with self._file.changing() as database:
            place = database.execute(keep, (_digest(key), kept)).lastrowid or 0
            if place % EVERY == 0:
                database.execute(f"DELETE FROM {table} WHERE place <= ?", (place - MOST[table],))  # noqa: S608

    def count(self, name: str, more: int = 1) -> None:
        """Count what came of a request, one of `COUNTED`."""
        with self._file.changing() as database:
            Counts(database).add(name, more)

    def count_difference(self, told: str) -> bool:
        """Count a difference; tells whether it is the first of its kind."""
        with self._file.changing() as database:
            return Counts(database).add_kind(told)

    def report(self) -> Report:
        """Return what was counted."""
        with self._file.reading() as database:
            return Report(Counts(database).of(*COUNTED), Counts(database).kinds())

    def clear_counts(self) -> None:
        """Begin to count anew."""
        with self._file.changing() as database:
            Counts(database).clear()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Twins(MutableMapping[tuple[str, ...], str]):
    """A book as a mapping; it never forgets on demand, and nobody can look through it.

    Hashes of uploads are not kept, because uploads are not sent on.
    """

    def __init__(self, book: Book) -> None:
        self._book = book

    def __getitem__(self, key: tuple[str, ...]) -> str:
        found = self._book.twin(key)
        if found is None:
            raise KeyError(key[0])
        return found

    def __setitem__(self, key: tuple[str, ...], value: str) -> None:
        if key[0] != UPLOAD_HASH:
            self._book.keep(key, value)

    def __delitem__(self, key: tuple[str, ...]) -> None:
        raise NotImplementedError

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError


def _table(key: tuple[str, ...]) -> str:
    return "secrets" if key[0] in (SID, REMIXPASSWORD) else "twins"


def _digest(key: tuple[str, ...]) -> bytes:
    return blake2b(repr(key).encode(), digest_size=16).digest()
