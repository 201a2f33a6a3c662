"""What a token may do, as VK counts it: bits of a mask ("Access Permissions for User Token" and "... for Community").

A launch of an app says which bits its token has. That spares calls whose answer is known; the server decides.
"""

from collections.abc import Iterable

from userapi_gw.errors import Failure, Kind

FRIENDS, PHOTOS, STATUS, MESSAGES, WALL = 1 << 1, 1 << 2, 1 << 10, 1 << 12, 1 << 13
NAMES = {
    1: "notify",
    FRIENDS: "friends",
    PHOTOS: "photos",
    STATUS: "status",
    MESSAGES: "messages",
    WALL: "wall",
    1 << 16: "offline",
    1 << 17: "docs",
    1 << 18: "groups",
}
WRITES = {"friends": FRIENDS, "photos": PHOTOS, "status": STATUS, "messages": MESSAGES, "wall": WALL}
"""The right that the writing methods of a section need; sections that are not named need none that is known."""
READS = {"messages": MESSAGES}


def check(method: str, rights: int | None, *, write: bool) -> None:
    """Raise `Failure(RIGHT_LACKING)` for a method that a token with these rights cannot call.

    None: nothing is known of the token, so the server has to be asked. A failure of its own, because what the server
    hides from a viewer is empty, and what a token may not see is not: it must not seem to be gone.
    """
    section = method.partition(".")[0]
    needed = (WRITES if write else READS).get(section, 0)
    if rights is not None and needed & ~rights:
        raise Failure(Kind.RIGHT_LACKING, f"{method}: the app was not given the right {NAMES[needed]!r}")


def names_of(rights: int) -> list[str]:
    """Return the names of the bits of a mask; of one without a name, its number."""
    bits = (1 << place for place in range(rights.bit_length()))
    return [NAMES.get(bit, str(bit)) for bit in bits if bit & rights]


def mask_of(names: Iterable[str]) -> int:
    """Return the mask of bits that have these names; names of no bit that is known count for nothing."""
    wanted = set(names)
    return sum(bit for bit, name in NAMES.items() if name in wanted)
