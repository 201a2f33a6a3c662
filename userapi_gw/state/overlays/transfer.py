"""Overlays as JSON lines, to keep them elsewhere and to take them over into another database.

The first line is `{"format": ..., "version": ..., "date": ...}`, the last one `{"rows": how many there are between}`.
Each line between is a row: `{"table": ..., "row": {column: value}}`.
"""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Connection, Double, Integer, String, Table, insert, select

from userapi_gw.state.database import Database
from userapi_gw.state.overlays.schema import TABLES, removed, statuses, tags

FORMAT, VERSION = "userapi-gw overlays", 1

BATCH = 500
"""Rows that are written with one statement."""

Row = dict[str, Any]

_BY_NAME = {table.name: table for table in sorted(TABLES, key=lambda table: table.name)}
"""Conversations come before messages, so that none is called complete of which a message came in between."""

_SAME: Mapping[str, tuple[str, ...]] = {
    statuses.name: ("user_id", "date", "text"),
    tags.name: ("owner_id", "photo_id", "placer_id", "user_id", "name", "date"),
    removed.name: ("kind", "owner_id", "object_id"),
}
"""What a row is known by where its id is a number this database made up."""


class TransferError(Exception):
    """A file cannot be taken over: the text says why, with the number of the line."""


class Transfer:
    """The overlays of one database, written and read. `clock` gives unix seconds."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def lines(self) -> Iterator[str]:
        """Yield the overlays line by line."""
        rows = 0
        date = datetime.fromtimestamp(int(self._clock()), UTC).isoformat()
        yield json.dumps({"format": FORMAT, "version": VERSION, "date": date})
        for table in _BY_NAME.values():
            with self._database.read() as connection:
                for row in connection.execute(select(table).order_by(*table.primary_key)).mappings():
                    rows += 1
                    yield json.dumps({"table": table.name, "row": dict(row)}, ensure_ascii=False)
        yield json.dumps({"rows": rows})

    def take(self, lines: Iterable[str | bytes]) -> int:
        """Add what is not there already, all of it or nothing; returns how many rows that were.

        A row that is there stays as it is. Ids this database made up change where they are taken. Raises
        `TransferError` for a file that is broken, not whole, or of another version.
        """
        with self._database.write() as connection:
            return sum(self._add(connection, table, rows) for table, rows in _read(lines).items())

    def _add(self, connection: Connection, table: Table, rows: list[Row]) -> int:
        if table.name in _SAME:
            return self._add_numbered(connection, table, rows)
        added = 0
        for start in range(0, len(rows), BATCH):
            new = self._database.insert(table).values(rows[start : start + BATCH]).on_conflict_do_nothing()
            added += len(connection.execute(new.returning(*table.primary_key)).all())
        return added

    def _add_numbered(self, connection: Connection, table: Table, rows: list[Row]) -> int:
        self._database.keep_others_out(connection, table)
        there = [dict(row) for row in connection.execute(select(table)).mappings()]
        new = list(_unknown(rows, Counter(_name(table, row) for row in there), table))
        taken = {row["id"] for row in there}
        free = {row["id"]: row for row in reversed(new) if row["id"] not in taken}  # the first of an id has it
        _insert(connection, table, [row for row in new if free.get(row["id"]) is row])
        self._database.count_on(connection, table)
        _insert(connection, table, [_without_id(row) for row in new if free.get(row["id"]) is not row])
        return len(new)


def _insert(connection: Connection, table: Table, rows: list[Row]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _without_id(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "id"}


def _name(table: Table, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column] for column in _SAME[table.name])


def _unknown(rows: Iterable[Row], there: Counter[tuple[Any, ...]], table: Table) -> Iterator[Row]:
    """Yield the rows that are not there; of rows alike, as many as there are too few."""
    for row in rows:
        name = _name(table, row)
        if there[name]:
            there[name] -= 1
        else:
            yield row


def _read(lines: Iterable[str | bytes]) -> dict[Table, list[Row]]:
    """Return the rows of a file by table, all of them checked."""
    found: dict[Table, list[Row]] = {table: [] for table in _BY_NAME.values()}
    number, rows, end = 0, 0, None
    for number, line in enumerate(lines, 1):
        content = _object(number, line)
        if end is not None:
            raise TransferError(f"line {number}: after the end")
        if number == 1:
            _check_head(content)
        elif content.keys() == {"rows"}:
            end = content["rows"]
        else:
            table = _table(number, content)
            found[table].append(_row(number, table, content["row"]))
            rows += 1
    if end != rows or isinstance(end, bool):
        raise TransferError(f"line {number}: the file is not whole")
    return found


def _object(number: int, line: str | bytes) -> dict[str, Any]:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        raise TransferError(f"line {number}: not JSON") from None
    if not isinstance(content, dict):
        raise TransferError(f"line {number}: not an object")
    return content


def _check_head(content: dict[str, Any]) -> None:
    if content.get("format") != FORMAT:
        raise TransferError(f'line 1: not a file of "{FORMAT}"')
    if type(content.get("version")) is not int or content["version"] != VERSION:
        raise TransferError(f"line 1: version {content.get('version')!r} is not known here, only {VERSION}")


def _table(number: int, content: dict[str, Any]) -> Table:
    if content.keys() != {"table", "row"}:
        raise TransferError(f"line {number}: not a row of a table")
    table = _BY_NAME.get(content["table"]) if isinstance(content["table"], str) else None
    if table is None:
        raise TransferError(f"line {number}: unknown table {content['table']!r}")
    return table


def _row(number: int, table: Table, row: Any) -> Row:
    if not isinstance(row, dict):
        raise TransferError(f"line {number}: not a row of {table.name}")
    for name in row.keys() ^ set(table.c.keys()):
        raise TransferError(f"line {number}: {'unknown' if name in row else 'missing'} column {name!r} of {table.name}")
    for column in table.c:
        if not _fits(column, row[column.name]):
            raise TransferError(f"line {number}: {column.name} of {table.name} has a wrong value")
    return {name: float(row[name]) if isinstance(table.c[name].type, Double) else row[name] for name in row}


def _fits(column: Column[Any], value: Any) -> bool:
    kind = column.type
    if isinstance(kind, Boolean):
        return isinstance(value, bool)
    if isinstance(kind, Integer):
        most = 2**63 if isinstance(kind, BigInteger) else 2**31
        return type(value) is int and (column.name != "id" or value > 0) and -most <= value < most
    if isinstance(kind, Double):
        return type(value) in (int, float) and abs(value) < 2**63 and math.isfinite(value)
    longest = kind.length if isinstance(kind, String) else None  # Text is a String, too
    return isinstance(value, str) and "\0" not in value and _encodes(value) and (not longest or len(value) <= longest)


def _encodes(text: str) -> bool:
    """Tell whether a text has no halves of characters, which JSON can write and databases cannot store."""
    return text.encode(errors="replace").decode() == text
