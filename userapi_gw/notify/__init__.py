"""What the gateway tells people outside of UserAPI: e-mail, or letters in a folder where there is no mail server."""

from userapi_gw.notify.letters import activation
from userapi_gw.notify.mailer import Mailer
from userapi_gw.notify.outbox import Letter, Outbox

__all__ = ["Letter", "Mailer", "Outbox", "activation"]
