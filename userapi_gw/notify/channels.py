"""The channels the settings name."""

from collections.abc import Callable

from userapi_gw.notify.community import CommunityChannel, Speaker
from userapi_gw.notify.devino import DevinoChannel
from userapi_gw.notify.devino_http import DevinoHttp
from userapi_gw.notify.mailer import Mailer
from userapi_gw.notify.parcel import Channel
from userapi_gw.settings import Settings
from userapi_gw.settings.mail import MailServer
from userapi_gw.state import State

REACH_SECONDS = 10.0
"""How long a mail server or Devino may take to answer."""


def channels(settings: Settings, state: State, speaker: Callable[[int], Speaker | None]) -> list[Channel]:
    """Return the channels in the order of the settings, those nobody set up left out, and e-mail always: for letters.

    `speaker` returns who writes in the name of a site's community.
    """
    made: dict[str, Channel] = {"community": CommunityChannel(speaker, state.notifications.now)}
    if settings.devino is not None:
        secret = settings.devino.callback_secret
        base = f"{settings.public_url}/devino" if secret else ""
        http = DevinoHttp(settings.devino, REACH_SECONDS)
        made["devino"] = DevinoChannel(settings.devino, http, state.call_rates.reserve, base)
    server = MailServer.parse(settings.smtp_url.get_secret_value()) if settings.smtp_url else None
    mailer = Mailer(server, settings.mail_from, REACH_SECONDS, only_letters="email" not in settings.notify_channels)
    made["email"] = mailer
    names = dict.fromkeys([*settings.notify_channels, "email"])
    return [made[name] for name in names if name in made]
