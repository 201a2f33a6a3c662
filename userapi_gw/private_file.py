"""Files that only the owner may read: a secret in one of its own, and what people wrote."""

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path


def read_or_create(path: Path, text: str) -> str:
    """Return the secret kept at `path`, which is `text` if the file was not there before.

    Raises ValueError, whose text says what is wrong with the file and nothing of what stands in it.
    """
    try:
        if not path.exists():
            _create_once(path, text)
        return _read(path)
    except OSError as error:
        raise ValueError(f"cannot use {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"cannot use {path}: not a text file") from None


def write_private(path: Path, lines: Iterable[str]) -> None:
    """Write a file that appears complete or not at all, in place of one that is there. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent)  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(lines)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _create_once(path: Path, text: str) -> None:
    """Write a private file that appears complete or not at all; whoever comes second leaves the first one's alone."""
    handle, name = tempfile.mkstemp(dir=path.parent)  # O_EXCL, mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text + "\n")
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
    finally:
        os.unlink(name)


def _read(path: Path) -> str:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise ValueError(f"others may read {path} (mode {mode:04o}); run: chmod 600 {path}")
    key = path.read_text(encoding="ascii").strip()
    if len(key) < 16:
        raise ValueError(f"{path} holds no key; remove it and a new one is made")
    return key
