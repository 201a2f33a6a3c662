"""The letters themselves. Nothing in them was typed by whoever caused them, so that nobody can send others spam."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr

from userapi_gw.notify.parcel import Parcel
from userapi_gw.state.notifications import FRIEND, MESSAGE

_ACTIVATION = """\
Здравствуйте!

Кто-то, вероятно Вы, зарегистрировался с этим адресом. Чтобы войти в первый раз, откройте ссылку:

{link}

Ссылка действует один раз в течение {days} дней. Если это были не Вы, ничего делать не нужно.

--

Hello,

somebody, probably you, registered with this address. Open this link to log in for the first time:

{link}

It works once, within {days} days. If it was not you, there is nothing to do.
"""


_NEWS = """\
Здравствуйте!

{russian}

{link}

Отключить эти письма можно в настройках Вашей страницы.

--

Hello,

{english}

{link}

The settings of your page turn these mails off.
"""

_TOLD = {
    FRIEND: (
        "Новая заявка в друзья / New friend request",
        "с Вами хотят дружить (новых заявок: {count}).",
        "somebody wants to be your friend (new requests: {count}).",
    ),
    MESSAGE: (
        "Новое сообщение / New message",
        "Вам написали (новых сообщений: {count}).",
        "somebody wrote to you (new messages: {count}).",
    ),
}
"""Of each kind of news: the subject, and what it says in both languages."""


def activation(sender: str, recipient: str, link: str, days: int) -> EmailMessage:
    """Return the letter with the activation link. UserAPI documentation, "Registration of new users".

    Raises ValueError when an address holds a line break.
    """
    message_id = make_msgid(domain=_domain(sender))
    subject = "Подтверждение регистрации / Confirm your registration"
    return _letter(sender, recipient, subject, _ACTIVATION.format(link=link, days=days), message_id)


def news(sender: str, parcel: Parcel) -> EmailMessage:
    """Return a letter that tells a person of news, `nf` and `nm` of "Editing user's profile".

    The same notification has the same Message-ID whenever it is sent.
    """
    person = parcel.person
    assert person is not None  # noqa: S101 - news are for users
    subject, russian, english = (text.format(count=parcel.job.row["count"]) for text in _TOLD[parcel.kind])
    text = _NEWS.format(russian=russian, english=english, link=person.link)
    message_id = f"<notification.{parcel.job.id}.{int(parcel.job.row['added_at'])}@{_domain(sender)}>"
    return _letter(sender, person.email, subject, text, message_id)


def short(parcel: Parcel) -> str:
    """Return the same as one message of a community. Raises KeyError for what is no news."""
    told = [text.format(count=parcel.job.row["count"]) for text in _TOLD[parcel.kind][1:]]
    link = parcel.person.link if parcel.person else ""
    return "\n".join([*(text[0].upper() + text[1:] for text in told), link])


def is_news(kind: str) -> bool:
    """Tell whether there are words for a kind beside those of a letter that is ready."""
    return kind in _TOLD


def _letter(sender: str, recipient: str, subject: str, text: str, message_id: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, charset="utf-8", cte="8bit")
    return message


def _domain(sender: str) -> str:
    """The domain of a Message-ID is named, or else the machine's own name would be looked up and told."""
    return parseaddr(sender)[1].rpartition("@")[2]
