"""What waits in the outbox of a gateway, as a person would read it."""

from email import message_from_string
from email.message import EmailMessage
from email.policy import default

from flask import Flask

from userapi_gw.state import State


def letters(gateway: Flask | State) -> list[EmailMessage]:
    """The e-mails that were not sent, oldest first."""
    state: State = gateway if isinstance(gateway, State) else gateway.extensions["userapi_gw"].state
    return [
        message_from_string(notice.letter, policy=default) for notice in state.notifications.notices() if notice.letter
    ]


def texts(gateway: Flask | State) -> list[str]:
    """The texts of those."""
    return [str(letter.get_content()) for letter in letters(gateway)]


def send(gateway: Flask) -> None:
    """Send what is due, as a worker does."""
    sender = gateway.extensions["userapi_gw"].sender()
    while sender.do():
        pass
