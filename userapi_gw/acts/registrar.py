"""Who may register, and the letter that confirms it. UserAPI documentation, "Registration of new users"."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from userapi_gw.notify.announcer import Announcer
from userapi_gw.notify.letters import activation
from userapi_gw.state.registrations import Registrations
from userapi_gw.state.vault import digest

DAYS = 3
"""How long an activation link is good."""


@dataclass(frozen=True, slots=True)
class Registrar:
    """Invites newcomers: `sites` are the addresses of the registered sites by id, `banned` patterns of addresses."""

    sites: Mapping[int, str]
    banned: tuple[str, ...]
    registrations: Registrations
    announcer: Announcer
    sender: str

    def bans(self, email: str) -> bool:
        """Tell whether an e-mail address (in any case) may not register."""
        return any(fnmatchcase(email.lower(), pattern.lower()) for pattern in self.banned)

    def invite(self, site_id: int, email: str, code: str) -> None:
        """Send the activation link for the backend's confirmation `code` to `email`; the site must be registered."""
        cid = self.registrations.open(code, email)
        link = f"{self.sites[site_id]}/#;confirm={cid}"
        self.announcer.invite(activation(self.sender, email, link, DAYS), digest(cid))
