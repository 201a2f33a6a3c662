"""Search. UserAPI documentation, "Searching users by name"."""

from userapi_gw.acts.call import Call
from userapi_gw.acts.registry import ALL, Listing, act
from userapi_gw.shapes.people import friend_row


@act("quick_search", "Searching users by name", window=ALL)
def quick_search(call: Call) -> Listing:
    """Users whose given name or surname begins with the words of `q`; nobody for an empty `q`."""
    query = call.parameters.text("q").strip()
    if not query:
        return Listing(0, [])
    page = call.pictures.own(call.backend.search(query, call.window))
    return Listing(page.total, [friend_row(user) for user in page.rows])
