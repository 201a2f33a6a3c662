"""What all overlays are built on."""

from dataclasses import dataclass

from userapi_gw.backend.facade import Backend
from userapi_gw.backend.model import Page, User, Window
from userapi_gw.state.overlays import Overlays


@dataclass(frozen=True, slots=True, repr=False)
class Overlaid(Backend):
    """A viewer's backend together with what is kept for backends that lack something."""

    kept: Overlays

    def people(self, ids: list[int], window: Window) -> Page[User]:
        """Return a window of the people behind `ids`; who is no longer known is left out of the rows."""
        wanted = ids[window.start : window.stop]
        found = self.users(wanted)
        return Page(len(ids), [found[user_id] for user_id in wanted if user_id in found])
