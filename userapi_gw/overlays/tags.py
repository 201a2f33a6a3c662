"""Tags on photos where the server has none: OpenVK. Users of this gateway see them who may see the photo."""

from dataclasses import replace
from functools import partial

from userapi_gw.backend.model import FRIENDS, Corners, Counters, Page, Photo, PhotoName, Tag, Window
from userapi_gw.errors import Failure, Kind
from userapi_gw.overlays.base import Overlaid
from userapi_gw.state.overlays.tags import KeptTag

MOST_CHARACTERS = 100
"""The longest name of somebody who is not on the site."""


class OverlaidTags(Overlaid):
    """Tags with the rules of VK: friends of a photo's owner tag, who is tagged agrees, and three may take a tag off."""

    __slots__ = ()

    def photo_tags(self, owner_id: int, photo_id: int) -> list[Tag]:
        """The tags on a photo, oldest first; none where privacy hides the photo or there is no such photo."""
        photo = owner_id, photo_id
        return self.instead("photos.getTags", partial(super().photo_tags, *photo), lambda: self._tags(photo))

    def put_tag(self, owner_id: int, photo_id: int, user_id: int, name: str, corners: Corners) -> None:
        """Tag a user, or with `user_id` 0 what `name` says."""
        photo = owner_id, photo_id
        self.instead(
            "photos.putTag",
            partial(super().put_tag, *photo, user_id, name, corners),
            lambda: self._put(photo, user_id, name, corners),
        )

    def delete_tag(self, owner_id: int, photo_id: int, tag_id: int) -> None:
        """Take a tag off a photo: its owner may, who placed it, and who is tagged."""
        photo = owner_id, photo_id
        self.instead(
            "photos.removeTag", partial(super().delete_tag, *photo, tag_id), lambda: self._take_off(photo, tag_id)
        )

    def confirm_tag(self, owner_id: int, photo_id: int, tag_id: int) -> None:
        """Agree to a tag of the viewer."""
        photo = owner_id, photo_id
        self.instead(
            "photos.confirmTag", partial(super().confirm_tag, *photo, tag_id), lambda: self._confirm(photo, tag_id)
        )

    def photos_with(self, user_id: int, window: Window) -> Page[Photo]:
        """Photos a user is tagged on, latest tag first."""
        return self.instead(
            "photos.getUserPhotos",
            partial(super().photos_with, user_id, window),
            lambda: self._part(self.kept.tags.photos_with(user_id, confirmed=True), window),
        )

    def photos_new(self, window: Window) -> Page[Photo]:
        """Photos with a tag of the viewer that the viewer has not confirmed."""
        return self.instead(
            "photos.getNewTags",
            partial(super().photos_new, window),
            lambda: self._part(self.kept.tags.photos_with(self.viewer, confirmed=False), window),
        )

    def counters(self) -> Counters:
        """What waits for the viewer, with the tags kept here."""
        found = super().counters()
        waiting = self.kept.tags.photos_with(self.viewer, confirmed=False)
        return replace(found, photos=max(found.photos, len(waiting)))  # only one of the two has any

    def _part(self, names: list[PhotoName], window: Window) -> Page[Photo]:
        """A window of the photos that the viewer may see; the total counts the others, too."""
        wanted = names[window.start : window.stop]
        found = {(photo.owner_id, photo.id): photo for photo in self.photos_named(wanted)}
        return Page(len(names), [found[name] for name in wanted if name in found])

    def _tags(self, photo: PhotoName) -> list[Tag]:
        kept = self.kept.tags.on(photo)
        if not kept or not self.photos_named([photo]):
            return []
        people = self.users([tag.user_id for tag in kept if tag.user_id])
        named = {user_id: person.name.strip() for user_id, person in people.items()}
        return [
            Tag(tag.id, tag.placer_id, tag.user_id, named.get(tag.user_id, tag.name), tag.corners, tag.confirmed)
            for tag in kept
        ]

    def _put(self, photo: PhotoName, user_id: int, name: str, corners: Corners) -> None:
        self._require_photo(photo)
        if photo[0] != self.viewer and self.friend_status(photo[0]) != FRIENDS:
            raise Failure(Kind.FORBIDDEN, "tag")
        if user_id:
            person = self.profile(user_id)
            if person.closed:
                raise Failure(Kind.FORBIDDEN, "user")
            if any(tag.user_id == user_id for tag in self.kept.tags.on(photo)):
                raise Failure(Kind.BAD_INPUT, "tagged already")
            name = person.user.name.strip()
        elif len(name) > MOST_CHARACTERS:
            raise Failure(Kind.BAD_INPUT, "name")
        confirmed = user_id in (0, self.viewer)
        self.kept.tags.put(photo, self.viewer, user_id, name, corners, confirmed=confirmed)

    def _take_off(self, photo: PhotoName, tag_id: int) -> None:
        tag = self._tag(photo, tag_id)
        if self.viewer not in (photo[0], tag.placer_id, tag.user_id):
            raise Failure(Kind.FORBIDDEN, "tag")
        self.kept.tags.remove(photo, tag_id)

    def _confirm(self, photo: PhotoName, tag_id: int) -> None:
        if self._tag(photo, tag_id).user_id != self.viewer:
            raise Failure(Kind.FORBIDDEN, "tag")
        self.kept.tags.confirm(photo, tag_id)

    def _tag(self, photo: PhotoName, tag_id: int) -> KeptTag:
        self._require_photo(photo)
        found = [tag for tag in self.kept.tags.on(photo) if tag.id == tag_id]
        if not found:
            raise Failure(Kind.NOT_FOUND, "tag")
        return found[0]

    def _require_photo(self, photo: PhotoName) -> None:
        if not self.photos_named([photo]):
            raise Failure(Kind.NOT_FOUND, "photo")
