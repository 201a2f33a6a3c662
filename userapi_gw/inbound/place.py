"""The app of a site's community: where it is, here and at VK, and how its pages are sent. Document 000."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Response, render_template

from userapi_gw.gateway import Gateway
from userapi_gw.inbound.launch import App
from userapi_gw.settings import Community, Site
from userapi_gw.surface.forms import HEADERS
from userapi_gw.surface.frames import frame_policy

VK = "https://vk.com"
SETTINGS, RIGHTS = "settings", "rights"
"""What stands behind `#` at VK for the app's own pages."""


@dataclass(frozen=True, slots=True)
class Place:
    """A site with a community that has an app."""

    gateway: Gateway
    site_id: int
    site: Site
    community: Community
    app: App

    @property
    def launch_address(self) -> str:
        """What VK opens in its frame (1, "App registration")."""
        return f"{self.gateway.settings.public_url}/app/{self.site_id}"

    @property
    def callback_address(self) -> str:
        """Where VK's Callback API sends what happens in the community."""
        return f"{self.gateway.settings.public_url}/callback/{self.site_id}"

    @property
    def app_address(self) -> str:
        """The app in its community."""
        return f"{VK}/app{self.app.app}_-{self.app.group}"

    @property
    def install_address(self) -> str:
        """Where a manager installs the app (3.3, "Launching apps from external sites")."""
        back = f"{self.launch_address}/installed"
        return f"{VK}/add_community_app.php?{urlencode({'aid': self.app.app, 'url': back})}"

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """Return a page of the app, which VK may show in a frame."""
        html = render_template(template, place=self, script=self.gateway.settings.vk_script, **values)
        return Response(html, status, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        script = self.gateway.settings.vk_script
        parts = urlsplit(script)
        scripts = f"'self' {parts.scheme}://{parts.netloc}" if script else "'self'"
        policy = (
            f"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https:; script-src {scripts}; "
            f"form-action 'self'; base-uri 'none'; {frame_policy(self.gateway, self.site)}"
        )
        return {**HEADERS, "Content-Security-Policy": policy}


def place_of(gateway: Gateway, site_id: int) -> Place | None:
    """Return the app of a site; None where there is none."""
    site = gateway.site(site_id)
    community = site.community if site else None
    if site is None or community is None or community.app is None or community.app_secret is None:
        return None
    app = App(community.app, community.group, community.app_secret.get_secret_value())
    return Place(gateway, site_id, site, community, app)
