"""Exchanges the addresses of pictures inside model objects, before shapes make rows of them.

Every size of one picture gets the same name in the folder of its owner: `/u00001/b_6261d317a07a9a01.jpg` and
`/u00001/c_6261d317a07a9a01.jpg`. Programs build the second from the first and from position 3 of a person (UserAPI
documentation, "Getting wall message list for a user").
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from hashlib import blake2b
from typing import Any, TypeVar

from userapi_gw.backend.model import Attachment, Photo, Profile, User
from userapi_gw.pictures.names import Paths
from userapi_gw.pictures.store import PictureStore

PHOTO = 1
"""The kind of attachment whose addresses are those of a photo."""

Fresh = dict[tuple[Any, ...], Paths]
"""Names the store does not know yet."""

Thing = TypeVar("Thing")


class Pictures:
    """Leaves every address as the backend has it."""

    def own(self, thing: Thing) -> Thing:
        """Return a model object, or a page or list of them, with the addresses a program shall see."""
        return thing


@dataclass(frozen=True, slots=True)
class OwnPictures(Pictures):
    """Puts the gateway's addresses in the place of the backend's, and has the store remember what they stand for.

    `base` is the gateway's address as the program knows it. Addresses on hosts that are none of the backend's media
    hosts stay as they are.
    """

    base: str
    store: PictureStore

    def own(self, thing: Thing) -> Thing:
        """Exchange every address within `thing`."""
        fresh: Fresh = {}
        exchanged: Thing = self._exchanged(thing, fresh)
        if fresh:
            self._remember(fresh)
        return exchanged

    def _remember(self, fresh: Fresh) -> None:
        sources: dict[str, str] = {}
        for (_, *urls), paths in fresh.items():
            sources |= {paths[letter]: url for letter, url in urls if paths and self._serves(url)}
        self.store.remember(sources)
        self.store.names.keep(fresh)

    def _exchanged(self, thing: Any, fresh: Fresh) -> Any:
        match thing:
            case User():
                named = self._named(thing.id, {"b": thing.photo_100, "c": thing.photo_50}, fresh)
                return replace(thing, photo_100=named["b"], photo_50=named["c"])
            case Profile():
                user = thing.user
                urls = {"b": user.photo_100, "c": user.photo_50, "a": thing.photo_200}
                named = self._named(user.id, urls, fresh)
                return replace(
                    thing, user=replace(user, photo_100=named["b"], photo_50=named["c"]), photo_200=named["a"]
                )
            case Photo():
                urls = {"x": thing.url_604, "m": thing.url_130, "s": thing.url_75}
                named = self._named(thing.owner_id, urls, fresh)
                return replace(thing, url_604=named["x"], url_130=named["m"], url_75=named["s"])
            case Attachment(kind=kind) if kind == PHOTO:
                named = self._named(thing.owner_id, {"x": thing.url, "m": thing.thumb}, fresh)
                return replace(thing, url=named["x"], thumb=named["m"])
            case list():
                return [self._exchanged(part, fresh) for part in thing]
        return self._whole(thing, fresh) if is_dataclass(thing) and not isinstance(thing, type) else thing

    def _whole(self, thing: Any, fresh: Fresh) -> Any:
        parts = {field.name: getattr(thing, field.name) for field in fields(thing)}
        return replace(thing, **{name: self._exchanged(part, fresh) for name, part in parts.items()})

    def _named(self, owner: int, urls: Mapping[str, str], fresh: Fresh) -> Mapping[str, str]:
        """Return an own address for each letter, `urls` as they are where none is on a media host."""
        name = (owner, *urls.items())
        paths = self.store.names.get(name)
        if paths is None:
            paths = fresh[name] = self._paths(owner, urls)
        return {letter: self.base + path for letter, path in paths.items()} if paths else urls

    def _paths(self, owner: int, urls: Mapping[str, str]) -> Paths:
        """Return an own path for each letter; the first address there is gives all of them their name."""
        found = next(filter(self._serves, urls.values()), None)
        if found is None:
            return {}
        name = blake2b(found.encode(), digest_size=8).hexdigest()
        return {letter: f"/u{abs(owner):05d}/{letter}_{name}.jpg" for letter in urls}

    def _serves(self, url: str) -> bool:
        return bool(url) and self.store.serves(url)
