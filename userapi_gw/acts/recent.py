"""Answers given a moment ago, given again to the same viewer who asks for the same.

Only for lists without a history (`Act.recent`): the version of a list has to cover what the list shows, so a list that
has one is always read anew.
"""

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from cachetools import TTLCache

from userapi_gw.state.shared_marks import SharedMarks

MOST_BYTES = 16 * 1024 * 1024
"""All remembered answers together, in each process."""

_Answer = TypeVar("_Answer")


class RecentAnswers(Generic[_Answer]):
    """Answers at most `seconds` old and given since the last change made through the gateway; with 0 there are none.

    A change is noted as a random mark in `file`, which the processes of a gateway on one machine share: nobody sees a
    list as it was before somebody wrote, whichever process took the write. `size` tells the bytes of an answer.
    """

    def __init__(self, file: Path, seconds: float, size: Callable[[_Answer], int]) -> None:
        self._seconds, self._lock = seconds, Lock()
        self._known: TTLCache[bytes, tuple[bytes, _Answer]] = TTLCache(
            MOST_BYTES, seconds, getsizeof=lambda kept: size(kept[1]) + 500
        )
        self._changes = SharedMarks(file)

    def of(self, asked: object, make: Callable[[], _Answer]) -> _Answer:
        """Return the answer remembered for `asked`, whose `repr` names viewer and question, else what `make` gives.

        What `make` raises is not remembered.
        """
        key, mark = blake2b(repr(asked).encode(), digest_size=16).digest(), self._changes.of(0)
        with self._lock:
            known = self._known.get(key)
        if known is not None and known[0] == mark:
            return known[1]
        answer = make()
        with self._lock:
            if self._seconds > 0 and self._known.getsizeof((mark, answer)) <= MOST_BYTES:
                self._known[key] = mark, answer
        return answer

    def forget(self) -> None:
        """Make all answers anew, in every process: something was changed."""
        self._changes.change(0)

    def close(self) -> None:
        """Close the shared file."""
        self._changes.close()
