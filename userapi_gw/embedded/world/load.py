"""Fills an empty database with the world."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnDefault, Connection, Table, insert

from userapi_gw.embedded import schema
from userapi_gw.embedded.accounts import HASHER, email_key
from userapi_gw.embedded.demo import DEMO_ACCOUNTS, DEMO_USER_IDS
from userapi_gw.embedded.world import pictures, places, relations, texts
from userapi_gw.embedded.world.filler import Row, read_facts
from userapi_gw.embedded.world.population import Population, build_population


def load_world(db: Connection) -> None:
    """Insert the whole world into empty tables. The caller commits, so that half a world is never seen."""
    for table, rows in build_world().items():
        _insert(db, table, rows)
    passwords = [{"email": email, "password": password} for email, password, _ in DEMO_ACCOUNTS]
    _insert(db, schema.accounts, [_account(**login) for login in passwords])


def build_world() -> dict[Table, list[Row]]:
    """Return the rows of every table, apart from accounts, in an order that satisfies foreign keys."""
    facts = read_facts("relations")
    population = build_population(facts)
    friends = relations.friends_of_first(facts, population.strangers)
    return _people(population, friends) | _relations(facts, population, friends) | _content(population, friends)


def _people(population: Population, friends: list[int]) -> dict[Table, list[Row]]:
    statuses = list(texts.statuses(read_facts("texts"), read_facts("words"), friends))
    newest: dict[int, int] = {}
    for status in statuses:
        newest[status["user_id"]] = max(status["id"], newest.get(status["user_id"], 0))
    people = [{**person, "status_id": newest.get(person["id"])} for person in population.people]
    return {
        schema.countries: places.countries(),
        schema.cities: places.cities(read_facts("places")),
        schema.schools: places.schools(read_facts("places")),
        schema.people: people,
        schema.education: places.education(read_facts("places"), population.people),
        schema.statuses: statuses,
    }


def _relations(facts: Row, population: Population, friends: list[int]) -> dict[Table, list[Row]]:
    strangers = population.strangers
    return {
        schema.friendships: relations.friendships(facts, friends, strangers),
        schema.requests: relations.requests(facts, strangers),
        schema.bookmarks: list(relations.bookmarks(facts, strangers)),
        schema.blocks: relations.blocks(facts),
    }


def _content(population: Population, friends: list[int]) -> dict[Table, list[Row]]:
    facts, shown, words = read_facts("texts"), read_facts("photos"), read_facts("words")
    names = {person["id"]: f"{person['first_name']} {person['last_name']}".strip() for person in population.people}
    photos = pictures.photos(shown, friends)
    return {
        schema.albums: pictures.albums(photos),
        schema.photos: photos,
        schema.tags: pictures.tags(shown, friends, names, photos),
        schema.comments: shown["comments"],
        schema.posts: list(texts.posts(facts, words, population.strangers)),
        schema.messages: list(texts.messages(facts, words)),
    }


def _account(email: str, password: str) -> Row:
    return {"email": email_key(email), "user_id": DEMO_USER_IDS[email], "password_hash": HASHER.hash(password)}


def _insert(db: Connection, table: Table, rows: Iterable[Row]) -> None:
    # All rows of one statement need the same columns, so missing ones get the table's defaults here.
    defaults: dict[str, Any] = {
        column.name: column.default.arg if isinstance(column.default, ColumnDefault) else None
        for column in table.columns
    }
    db.execute(insert(table), [defaults | row for row in rows])
