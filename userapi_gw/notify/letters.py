"""The letters themselves. Nothing in them was typed by whoever caused them, so that nobody can send others spam."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr

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


def activation(sender: str, recipient: str, link: str, days: int) -> EmailMessage:
    """Return the letter with the activation link. UserAPI documentation, "Registration of new users".

    Raises ValueError when an address holds a line break.
    """
    message = EmailMessage()
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = "Подтверждение регистрации / Confirm your registration"
    message["Date"] = format_datetime(datetime.now(UTC))
    # The domain is named, or else the machine's own name would be looked up and told.
    message["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_ACTIVATION.format(link=link, days=days), charset="utf-8", cte="8bit")
    return message
