"""Photos, wall posts, private messages and statuses as positional arrays."""

from typing import Any

from userapi_gw.backend.model import Attachment, Message, Photo, Post, Status
from userapi_gw.dialect import Dialect
from userapi_gw.shapes.people import person, person_id
from userapi_gw.shapes.text import address, escape, multiline


def photo_row(photo: Photo) -> list[Any]:
    """Return `["{owner}_{photo}", thumbnail (130 px), image (604 px)]`. "Getting photo list for a user"."""
    return [f"{photo.owner_id}_{photo.id}", address(photo.url_130), address(photo.url_604)]


def content(text: str, attachment: Attachment | None) -> list[Any]:
    """Return a message's content: `[text]`, or `[text, type, title, thumbnail, url, owner id, object id]`.

    Type: 1 photo, 2 graffiti, 3 video, 4 audio. The text repeats the attachment as a link with a picture, since many
    programs show position 0 alone. "Getting wall message list for a user", "Structure of message content array".
    """
    if attachment is None:
        return [multiline(text)]
    thumb, url = address(attachment.thumb), address(attachment.url)
    shown = f"<a href='{url}'><img src='{thumb}'/></a>"
    lines = [multiline(text), shown] if text else [shown]
    owner, number = str(attachment.owner_id), str(attachment.id)
    return ["<br>".join(lines), attachment.kind, escape(attachment.title), thumb, url, owner, number]


def post_row(post: Post, dialect: Dialect) -> list[Any]:
    """Return `[id, time, content, sender, [owner id]]`. "Getting wall message list for a user"."""
    return [
        post.id,
        post.date,
        content(post.text, post.attachment),
        person(post.author, dialect),
        person_id(post.owner_id, dialect),
    ]


def message_row(message: Message, dialect: Dialect, *, with_recipient: bool) -> list[Any]:
    """Return `[id, time, content, sender, recipient, read flag]`. "Getting private messages".

    The recipient is told in full where the asker cannot know them: in the outbox and in histories.
    """
    return [
        message.id,
        message.date,
        content(message.text, message.attachment),
        person(message.sender, dialect),
        person(message.recipient, dialect) if with_recipient else person_id(message.recipient.id, dialect),
        int(message.read),
    ]


def status_row(status: Status) -> list[Any]:
    """Return `["{user}_{status}", user id, sex, name, time, text]`. "Getting status history for a user".

    Position 2 is "reserved (rather user's gender?)" in the documentation; its sample holds the gender.
    """
    user = status.user
    return [
        f"{user.id}_{status.id}",
        user.id,
        user.sex,
        escape(user.name),
        status.date,
        multiline(status.text),
    ]
