"""Removing photos. UserAPI documentation, "Removing photos"."""

from collections.abc import Callable
from typing import Any

from userapi_gw.acts.call import Call
from userapi_gw.acts.registry import act
from userapi_gw.errors import Failure, Kind

SECTION = "Removing photos"


@act("delete_photo", SECTION, form="whole", writes=True)
def delete_photo(call: Call) -> dict[str, Any]:
    """Delete a photo of the viewer, `photo={owner id}_{photo id}`: `ok` 1, or 0 when that is not possible."""
    owner, photo_id = call.parameters.object_id("photo")
    if photo_id < 1:
        raise Failure(Kind.BAD_INPUT, "photo")
    return {"ok": _done(lambda: call.backend.delete_photo(owner or call.viewer, photo_id))}


@act("delete_page_photo", SECTION, form="whole", writes=True)
def delete_page_photo(call: Call) -> dict[str, Any]:
    """Delete the viewer's main photo: `ok` 1, or 0 when there is none."""
    return {"ok": _done(call.backend.delete_profile_photo)}


def _done(delete: Callable[[], None]) -> int:
    """Delete and tell whether it worked; the section knows 1 and 0 alone, not the -3 of privacy."""
    try:
        delete()
    except Failure as failure:
        if failure.kind is not Kind.FORBIDDEN:
            raise
        return 0
    return 1
