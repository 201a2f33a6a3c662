"""Who may show the gateway's pages in a frame: nobody, but for the app of a community."""

from userapi_gw.gateway import Gateway
from userapi_gw.settings import Site


def frame_policy(gateway: Gateway, site: Site | None) -> str:
    """Return the directive of Content-Security-Policy for pages that the app of a site shows."""
    has_app = site is not None and site.community is not None and site.community.app is not None
    return "frame-ancestors " + (" ".join(gateway.settings.frame_ancestors) if has_app else "'none'")
