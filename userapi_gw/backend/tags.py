"""Tags: who is where on a photo."""

from typing import Any

from userapi_gw.backend import parse
from userapi_gw.backend.calls import Calls
from userapi_gw.backend.looking import Happened, happened
from userapi_gw.backend.model import Corners, Tag
from userapi_gw.errors import Failure, Kind


class Tags(Calls):
    """The methods of section `photos` of a VK-style server that are about tags."""

    __slots__ = ()

    def photo_tags(self, owner_id: int, photo_id: int) -> list[Tag]:
        """The tags on a photo, oldest first; none where privacy hides the photo or there is no such photo."""
        try:
            photo: dict[str, Any] = {"owner_id": owner_id, "photo_id": photo_id}
            return self.read("photos.getTags", lambda rows: [parse.tag(row) for row in rows], **photo)
        except Failure as failure:
            if failure.kind not in (Kind.FORBIDDEN, Kind.NOT_FOUND):
                raise
            return []

    def put_tag(self, owner_id: int, photo_id: int, user_id: int, name: str, corners: Corners) -> None:
        """Tag a user, or with `user_id` 0 what `name` says."""
        who = {"user_id": user_id} if user_id else {"tagged_name": name}
        tag: dict[str, Any] = who | dict(zip(("x", "y", "x2", "y2"), corners, strict=True))

        def find() -> Happened:
            """Nobody is tagged twice on a photo; somebody without a page may be."""
            newest = self.freshly().photo_tags(owner_id, photo_id)[-1:]
            wanted = (self.viewer, user_id, name if not user_id else "")
            return happened(
                [(one.placer_id, one.user_id, one.name if not user_id else "") for one in newest] == [wanted]
            )

        self.write("photos.putTag", took_effect=find, owner_id=owner_id, photo_id=photo_id, **tag)

    def delete_tag(self, owner_id: int, photo_id: int, tag_id: int) -> None:
        """Take a tag off a photo."""
        photo: dict[str, Any] = {"owner_id": owner_id, "photo_id": photo_id}
        self.write(
            "photos.removeTag",
            took_effect=lambda: happened(not self._tag_of(**photo, tag_id=tag_id)),
            **photo,
            tag_id=tag_id,
        )

    def confirm_tag(self, owner_id: int, photo_id: int, tag_id: int) -> None:
        """Agree to a tag of the viewer."""
        photo: dict[str, Any] = {"owner_id": owner_id, "photo_id": photo_id}

        def find() -> Happened:
            return happened(any(tag.confirmed for tag in self._tag_of(**photo, tag_id=tag_id)))

        self.write("photos.confirmTag", took_effect=find, **photo, tag_id=tag_id)

    def _tag_of(self, owner_id: int, photo_id: int, tag_id: int) -> list[Tag]:
        return [tag for tag in self.freshly().photo_tags(owner_id, photo_id) if tag.id == tag_id]
