"""What a process does before it ends, also when it has to end at once."""

import atexit
from collections.abc import Callable

Do = Callable[[], None]
_all: list[Do] = []


def register(do: Do) -> None:
    """Have `do` called when the process ends; it must be quick, and may be called from a handler of a signal."""
    _all.append(do)
    atexit.register(do)


def unregister(do: Do) -> None:
    """Have it called no more; nothing happens when it was not registered."""
    if do in _all:
        _all.remove(do)
    atexit.unregister(do)


def say() -> None:
    """Call them all now: the process is going to end without looking back."""
    for do in [*_all]:
        do()
