"""A call of every domain method of the backend, the same for all servers."""

from collections.abc import Callable
from typing import Any

from userapi_gw.backend.facade import Backend
from userapi_gw.backend.media import Media
from userapi_gw.backend.model import FRIENDS, ProfileChanges, Window
from userapi_gw.backend.newcomers import Newcomer

TEN = Window(0, 10)
NEWCOMER = Newcomer("Ivan", "Ivanov", "ivan@example.com", "secret-word", sex=2, school=1, year=2005)
MEDIA = Media(["backend.example", "openvk.example", "pu.vk.example"], 5, in_process=True)
CORNERS = (1.0, 2.0, 30.0, 40.0)

CALLS: dict[str, Callable[[Backend], Any]] = {
    "add_friend": lambda backend: backend.add_friend(3),
    "add_photo_comment": lambda backend: backend.add_photo_comment(2, 1, "hello"),
    "add_school": lambda backend: backend.add_school(1, 2005),
    "add_wall_post": lambda backend: backend.add_wall_post(2, "hello"),
    "all_friends": lambda backend: backend.all_friends(3),
    "bookmark": lambda backend: backend.bookmark(3),
    "bookmarks": lambda backend: backend.bookmarks(TEN),
    "cities": lambda backend: backend.cities(1, "", TEN),
    "clear_statuses": lambda backend: backend.clear_statuses(),
    "comments_on_photos_of": lambda backend: backend.comments_on_photos_of(2, TEN),
    "comments_on_photos_with": lambda backend: backend.comments_on_photos_with(2, TEN),
    "confirm": lambda backend: backend.confirm("code"),
    "confirm_tag": lambda backend: backend.confirm_tag(2, 1, 5),
    "conversations": lambda backend: backend.conversations(TEN),
    "correspondence": lambda backend: backend.correspondence(2, TEN),
    "counters": lambda backend: backend.counters(),
    "create_album": lambda backend: backend.create_album(),
    "current_status": lambda backend: backend.current_status(2),
    "delete_friend": lambda backend: backend.delete_friend(3, FRIENDS),
    "delete_message": lambda backend: backend.delete_message(1),
    "delete_photo": lambda backend: backend.delete_photo(2, 1),
    "delete_photo_comment": lambda backend: backend.delete_photo_comment(2, 1, 3),
    "delete_profile_photo": lambda backend: backend.delete_profile_photo(),
    "delete_school": lambda backend: backend.delete_school(1, 2005),
    "delete_status": lambda backend: backend.delete_status(1),
    "delete_tag": lambda backend: backend.delete_tag(2, 1, 5),
    "delete_wall_post": lambda backend: backend.delete_wall_post(2, 1),
    "fans": lambda backend: backend.fans(TEN),
    "friend_requests": lambda backend: backend.friend_requests(TEN),
    "friend_status": lambda backend: backend.friend_status(2),
    "friends": lambda backend: backend.friends(3, TEN),
    "friends_mutual": lambda backend: backend.friends_mutual(3),
    "friends_online": lambda backend: backend.friends_online(3),
    "mailbox": lambda backend: backend.mailbox("inbox", TEN),
    "mark_read": lambda backend: backend.mark_read([1, 2]),
    "message": lambda backend: backend.message(1),
    "message_heads": lambda backend: backend.message_heads(2, 0, 10),
    "messages": lambda backend: backend.messages([1, 2]),
    "new_friends_of_friends": lambda backend: backend.new_friends_of_friends(TEN),
    "new_photos": lambda backend: backend.new_photos(TEN),
    "newest_messages": lambda backend: backend.newest_messages(TEN),
    "newly_tagged_photos": lambda backend: backend.newly_tagged_photos(TEN),
    "own_settings": lambda backend: backend.own_settings(),
    "photo_comment": lambda backend: backend.photo_comment(2, 1, 3),
    "photo_comments": lambda backend: backend.photo_comments(2, 1, TEN),
    "photo_tags": lambda backend: backend.photo_tags(2, 1),
    "photos": lambda backend: backend.photos(2, TEN),
    "photos_named": lambda backend: backend.photos_named([(2, 1)]),
    "photos_new": lambda backend: backend.photos_new(TEN),
    "photos_with": lambda backend: backend.photos_with(2, TEN),
    "profile": lambda backend: backend.profile(2),
    "put_tag": lambda backend: backend.put_tag(2, 1, 3, "", CORNERS),
    "restore_message": lambda backend: backend.restore_message(1),
    "restore_photo_comment": lambda backend: backend.restore_photo_comment(2, 1, 3),
    "restore_status": lambda backend: backend.restore_status(1),
    "restore_wall_post": lambda backend: backend.restore_wall_post(2, 1),
    "save_album_photos": lambda backend: backend.save_album_photos(MEDIA, 5, [b"jpeg"]),
    "save_profile": lambda backend: backend.save_profile(ProfileChanges(sex=2)),
    "save_profile_photo": lambda backend: backend.save_profile_photo(MEDIA, b"jpeg"),
    "school_count": lambda backend: backend.school_count(),
    "schools": lambda backend: backend.schools(1, TEN),
    "search": lambda backend: backend.search("Анна", TEN),
    "send_message": lambda backend: backend.send_message(2, "hello"),
    "set_status": lambda backend: backend.set_status("hello"),
    "sign_up": lambda backend: backend.sign_up(NEWCOMER),
    "statuses": lambda backend: backend.statuses(2, TEN),
    "statuses_of_friends": lambda backend: backend.statuses_of_friends(TEN),
    "unbookmark": lambda backend: backend.unbookmark(3),
    "upload_album": lambda backend: backend.upload_album(),
    "users": lambda backend: backend.users([2, 3]),
    "wall": lambda backend: backend.wall(2, TEN),
    "wall_post": lambda backend: backend.wall_post(2, 1),
}
