"""What links to an app show. Document 000, 3.2 ("Forming snippets")."""

import logging
from dataclasses import dataclass
from threading import Lock

from cachetools import TTLCache

from userapi_gw.backend.groups import Groups
from userapi_gw.errors import Failure
from userapi_gw.gateway import Gateway
from userapi_gw.inbound.place import Place

log = logging.getLogger(__name__)

KEPT_SECONDS = 300
"""How long the community's name and photo are believed: anybody may ask for the page, as often as they like."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """Title, description and the address of a picture, for Open Graph tags; `""` for what there is not."""

    title: str
    description: str
    image: str


UNKNOWN = Snippet("", "", "")


class Snippets:
    """The settings' texts; for what is not set, the community's own name and photo, which take its key to ask for."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._own: TTLCache[int, Snippet] = TTLCache(1000, KEPT_SECONDS)
        self._lock = Lock()

    def of(self, place: Place) -> Snippet:
        """Return what a site's app shows. A backend that does not tell leaves the site's address."""
        given = place.community
        own = UNKNOWN if given.title and given.image else self._of_community(place)
        title = given.title or own.title or self._gateway.site_url(place.site)
        return Snippet(title, given.description, str(given.image or own.image))

    def _of_community(self, place: Place) -> Snippet:
        with self._lock:
            known = self._own.get(place.app.group)
        if known is not None:
            return known
        asker = self._gateway.in_its_name(place.site_id)
        if asker is None:
            return UNKNOWN
        found = _asked(asker, place.app.group)
        with self._lock:
            self._own[place.app.group] = found
        return found


def _asked(asker: Groups, group: int) -> Snippet:
    try:
        found = asker.community(group)
    except Failure as failure:
        log.log(failure.outcome.level, "community %d: %s", group, failure)
        return UNKNOWN
    return Snippet(found.name, "", found.photo_100 if found.photo_100.startswith("https://") else "")
