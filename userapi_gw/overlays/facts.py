"""The parts of a profile that a server does not store: VK lets nobody set political views, OpenVK no city."""

from dataclasses import replace
from typing import Any

from userapi_gw.backend.editing import given
from userapi_gw.backend.model import OwnSettings, Profile, ProfileChanges
from userapi_gw.errors import Failure, Kind
from userapi_gw.overlays.base import Overlaid
from userapi_gw.reference import CITIES, COUNTRIES

SETTINGS = frozenset({"mobile_phone", "notify_friends", "notify_messages"})
"""What only the viewer sees."""
HIDDEN = frozenset({"relation"})
"""What OpenVK stores and shows to its owner alone: it is kept for others, too."""


class OverlaidFacts(Overlaid):
    """What was set through this gateway stands over what the server shows; users of this gateway see it."""

    __slots__ = ()

    def save_profile(self, changes: ProfileChanges) -> None:
        """Change the viewer's profile: at the server what it stores, here the rest. `BAD_INPUT` for an unknown city."""
        values, parts = given(changes), self.client.dialect.profile_parts
        ours = {name: value for name, value in values.items() if name not in parts}
        theirs = {name: value for name, value in values.items() if name in parts}
        if ours.get("city_id") and ours["city_id"] not in CITIES:
            raise Failure(Kind.BAD_INPUT, "city")
        if theirs:
            super().save_profile(ProfileChanges(**theirs))
        hidden = HIDDEN & theirs.keys() if self.client.dialect.shows_owner_more else ()
        self.kept.facts.keep(self.viewer, ours | {name: theirs[name] for name in hidden})

    def profile(self, user_id: int) -> Profile:
        """Everything about one person, with the parts kept here unless the page is closed."""
        found = super().profile(user_id)
        kept = {} if found.closed else self._facts(user_id)
        if user_id == self.viewer:
            self._follow(found, kept)
        plain = {name: kept[name] for name in ("maiden_name", "political", *HIDDEN) if name in kept}
        return replace(found, **plain, **_city(kept["city_id"])) if "city_id" in kept else replace(found, **plain)

    def own_settings(self) -> OwnSettings:
        """What the viewer's page keeps for the viewer alone."""
        found = super().own_settings() if SETTINGS & self.client.dialect.profile_parts else OwnSettings()
        kept = self._facts(self.viewer)
        return replace(found, **{name: kept[name] for name in SETTINGS if name in kept})

    def _facts(self, user_id: int) -> dict[str, Any]:
        """The kept parts, without those the server has come to store."""
        dialect = self.client.dialect
        theirs = dialect.profile_parts - (HIDDEN if dialect.shows_owner_more else frozenset())
        return {name: value for name, value in self.kept.facts.of(user_id).items() if name not in theirs}

    def _follow(self, own: Profile, kept: dict[str, Any]) -> None:
        """Take over what the viewer changed elsewhere of the parts that the server shows to the viewer alone."""
        changed = {name: getattr(own, name) for name in HIDDEN & kept.keys() if kept[name] != getattr(own, name)}
        if changed:
            self.kept.facts.keep(self.viewer, changed)
            kept |= changed


def _city(city_id: int) -> dict[str, Any]:
    city = CITIES.get(city_id)
    if city is None:
        return {"city_id": 0, "city_name": "", "country_id": 0, "country_code": ""}
    code = COUNTRIES[city.country_id].code
    return {"city_id": city_id, "city_name": city.title, "country_id": city.country_id, "country_code": code}
