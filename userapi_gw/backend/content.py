"""What people make: photos, wall posts, statuses."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from userapi_gw.backend import parse
from userapi_gw.backend.calls import Calls
from userapi_gw.backend.looking import LOOKED_THROUGH, Happened, gone, happened, newest_own, same_text, there
from userapi_gw.backend.model import Page, Photo, Post, Status, User, Window
from userapi_gw.backend.together import together
from userapi_gw.errors import Failure, Kind

MOST_PHOTOS = 200
MOST_NEW_TAGS = 100
MOST_POSTS = 100
MOST_STATUSES = 100
LOOKED_THROUGH_STATUSES = 500


def _photo_rows(answer: dict[str, Any]) -> list[Photo]:
    return [parse.photo(row) for row in answer["items"]]


def _post_rows(answer: dict[str, Any]) -> list[Post]:
    people = parse.everybody(answer)
    return [parse.post(row, people) for row in answer["items"]]


def _posts_by_id(answer: Any) -> list[Post]:
    """Read posts asked for with their authors; some servers answer a bare list when there are none."""
    return _post_rows(answer if isinstance(answer, dict) else {"items": answer})


def _status_rows(person: User) -> Callable[[dict[str, Any]], list[Status]]:
    return lambda answer: [parse.status(row, person) for row in answer["items"]]


def _unpinned(pinned: Post, rows: list[Post], window: Window) -> list[Post]:
    """Return a window of a wall whose pinned post stands where it belongs by its age.

    `rows` begin where the window begins on the server's list, on which the pinned post comes first, and are one more.
    """
    others = [post for post in rows if post.id != pinned.id]
    if not window.start:
        merged = sorted([pinned, *others], key=lambda post: -post.id)
    elif others and pinned.id > others[0].id:
        merged = others
    else:
        merged = sorted([pinned, *others], key=lambda post: -post.id)[1:]
    return merged[: window.count]


class Content(Calls):
    """Sections `photos`, `wall` and `status` of a VK-style server."""

    __slots__ = ()

    def photos(self, owner_id: int, window: Window) -> Page[Photo]:
        """Photos a user uploaded, newest first."""
        return self.listing("photos.getAll", window, MOST_PHOTOS, _photo_rows, owner_id=owner_id, photo_sizes=1)

    def photos_with(self, user_id: int, window: Window) -> Page[Photo]:
        """Photos a user is tagged on, newest first."""
        return self.listing("photos.getUserPhotos", window, MOST_PHOTOS, _photo_rows, user_id=user_id)

    def photos_new(self, window: Window) -> Page[Photo]:
        """Photos with a tag of the viewer that the viewer has not confirmed."""
        return self.listing("photos.getNewTags", window, MOST_NEW_TAGS, _photo_rows)

    def wall(self, owner_id: int, window: Window) -> Page[Post]:
        """Posts on a user's wall, newest first, also where the server puts a pinned one before all others."""
        page = self._posts(owner_id, Window(window.start, window.stop + bool(window.count)))
        beginning = self._posts(owner_id, Window(0, 1)) if window.start and page.rows else page
        first = beginning.rows[:1]
        if not first or not first[0].pinned:
            return Page(page.total, page.rows[: window.count])
        return Page(page.total, _unpinned(first[0], page.rows, window))

    def newest_posts(self, owner_id: int, window: Window) -> tuple[list[Post], bool]:
        """The newest posts on a user's wall, and whether that is all there are.

        From the lowest number upward none is missing: OpenVK sorts by time alone, and where the window ends
        within a second it shows any of that second's posts. Those are left out, unless there are no others.
        """
        if "wall.get" not in self.client.dialect.sorted_by_time:
            page = self.wall(owner_id, window)
            return page.rows, page.total <= len(page.rows)
        page = self.wall(owner_id, Window(window.start, window.stop + 1))
        rows, behind = page.rows[: window.count], page.rows[window.count :]
        if behind and behind[0].date == rows[-1].date:
            rows = [post for post in rows if post.date > behind[0].date] or rows
        return rows, not behind

    def _posts(self, owner_id: int, window: Window) -> Page[Post]:
        parameters = {"owner_id": owner_id, "extended": 1, "fields": parse.USER_FIELDS}
        try:
            return self.listing("wall.get", window, MOST_POSTS, _post_rows, **parameters)
        except Failure as failure:
            broken = failure.kind is Kind.BACKEND_BROKEN and self.client.dialect.breaks_over_nobodys_wall
            if broken and owner_id < 0:
                raise Failure(Kind.NOT_FOUND, "community") from None
            raise

    def wall_post(self, owner_id: int, post_id: int) -> Post:
        """One post; raises `Failure(NOT_FOUND)` when the viewer cannot see it."""
        name = f"{owner_id}_{post_id}"
        posts = self.read("wall.getById", _posts_by_id, posts=name, extended=1, fields=parse.USER_FIELDS)
        if not posts:
            raise Failure(Kind.NOT_FOUND, "post")
        return posts[0]

    def add_wall_post(self, owner_id: int, text: str) -> int:
        """Write on a wall; returns the id of the new post."""

        def find() -> int | None:
            return newest_own(self.freshly().wall(owner_id, LOOKED_THROUGH).rows, self.viewer, text, since)

        since = time.time()
        parameters = {"owner_id": owner_id, "message": text}
        return self.write("wall.post", lambda answer: int(answer["post_id"]), took_effect=find, **parameters)

    def delete_wall_post(self, owner_id: int, post_id: int) -> None:
        """Delete a post."""
        post: dict[str, Any] = {"owner_id": owner_id, "post_id": post_id}
        self.write("wall.delete", took_effect=lambda: gone(lambda: self.freshly().wall_post(**post)), **post)

    def restore_wall_post(self, owner_id: int, post_id: int) -> int:
        """Bring back a deleted post; returns the id it has now."""
        post: dict[str, Any] = {"owner_id": owner_id, "post_id": post_id}
        self.write("wall.restore", took_effect=lambda: there(lambda: self.freshly().wall_post(**post)), **post)
        return post_id

    def statuses(self, user_id: int, window: Window) -> Page[Status]:
        """The status history of a user, newest first."""
        rows = _status_rows(parse.nobody(user_id))
        asked = partial(self.listing, "status.getHistory", window, MOST_STATUSES, rows, user_id=user_id)
        people, page = together(partial(self.users, [user_id]), asked)
        person = people.get(user_id)
        return Page(page.total, [replace(status, user=person) for status in page.rows]) if person else Page(0, [])

    def current_status(self, user_id: int) -> tuple[User | None, str]:
        """Return a user with the current status, empty for none; nobody where there is none or privacy hides it."""

        def current(answer: Any) -> tuple[User | None, str]:
            rows = parse.rows_of(answer)
            if not rows or rows[0].get("deactivated") or not rows[0].get("can_access_closed", 1):
                return None, ""
            raw = rows[0].get("status") or ""
            return parse.user(rows[0]), parse.text(raw) if self.client.dialect.escapes_statuses else str(raw)

        return self.read("users.get", current, user_ids=user_id, fields=f"{parse.USER_FIELDS},status")

    def set_status(self, text: str) -> None:
        """Set the viewer's status; the empty text clears it."""

        def find() -> Happened:
            return same_text(self.freshly().current_status(self.viewer)[1], text)

        self.write("status.set", took_effect=find, text=text)

    def delete_status(self, status_id: int) -> None:
        """Take one line out of the viewer's status history."""
        self.write("status.delete", took_effect=lambda: happened(not self._stands(status_id)), status_id=status_id)

    def restore_status(self, status_id: int) -> None:
        """Bring back a deleted line of the viewer's status history."""
        self.write("status.restore", took_effect=lambda: happened(self._stands(status_id)), status_id=status_id)

    def clear_statuses(self) -> None:
        """Delete the viewer's whole status history."""

        def find() -> Happened:
            return happened(not self.freshly().statuses(self.viewer, Window(0, 1)).rows)

        self.write("status.clear", took_effect=find)

    def _stands(self, status_id: int) -> bool:
        """Tell whether a line is among the newest of the viewer's status history."""
        rows = self.freshly().statuses(self.viewer, Window(0, LOOKED_THROUGH_STATUSES)).rows
        return any(status.id == status_id for status in rows)
