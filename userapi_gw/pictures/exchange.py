"""Exchanges the addresses of pictures inside model objects, before shapes make rows of them.

Every size of one picture gets the same name in the folder of its owner: `/u00001/b_6261d317a07a9a01.jpg` and
`/u00001/c_6261d317a07a9a01.jpg`. Programs build the second from the first and from position 3 of a person (UserAPI
documentation, "Getting wall message list for a user").
"""

from collections.abc import Sequence
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
        for (_, _, *urls), paths in fresh.items():
            sources |= {path: url for path, url in zip(paths, urls, strict=False) if self._serves(url)}
        self.store.remember(sources)
        self.store.names.keep(fresh)

    def _exchanged(self, thing: Any, fresh: Fresh) -> Any:
        match thing:
            case User():
                photo_100, photo_50 = self._named(thing.id, "bc", (thing.photo_100, thing.photo_50), fresh)
                return thing.pictured(photo_50, photo_100)
            case Profile():
                user = thing.user
                urls = user.photo_100, user.photo_50, thing.photo_200
                photo_100, photo_50, photo_200 = self._named(user.id, "bca", urls, fresh)
                return replace(thing, user=user.pictured(photo_50, photo_100), photo_200=photo_200)
            case Photo():
                urls = thing.url_604, thing.url_130, thing.url_75
                url_604, url_130, url_75 = self._named(thing.owner_id, "xms", urls, fresh)
                return replace(thing, url_604=url_604, url_130=url_130, url_75=url_75)
            case Attachment(kind=kind) if kind == PHOTO:
                url, thumb = self._named(thing.owner_id, "xm", (thing.url, thing.thumb), fresh)
                return replace(thing, url=url, thumb=thumb)
            case list():
                return [self._exchanged(part, fresh) for part in thing]
        return self._whole(thing, fresh) if is_dataclass(thing) and not isinstance(thing, type) else thing

    def _whole(self, thing: Any, fresh: Fresh) -> Any:
        parts = {field.name: getattr(thing, field.name) for field in fields(thing)}
        return replace(thing, **{name: self._exchanged(part, fresh) for name, part in parts.items()})

    def _named(self, owner: int, letters: str, urls: tuple[str, ...], fresh: Fresh) -> Sequence[str]:
        """Return an own address for each letter, `urls` as they are where none is on a media host."""
        name = (owner, letters, *urls)
        paths = self.store.names.get(name)
        if paths is None:
            paths = fresh[name] = self._paths(owner, letters, urls)
        return [self.base + path for path in paths] or urls

    def _paths(self, owner: int, letters: str, urls: tuple[str, ...]) -> Paths:
        """Return an own path for each letter; the first address there is gives all of them their name."""
        found = next(filter(self._serves, urls), None)
        if found is None:
            return ()
        name = blake2b(found.encode(), digest_size=8).hexdigest()
        return tuple(f"/u{abs(owner):05d}/{letter}_{name}.jpg" for letter in letters)

    def _serves(self, url: str) -> bool:
        return bool(url) and self.store.serves(url)
