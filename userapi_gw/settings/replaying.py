"""Captures as the source of answers."""

from typing import Literal

from pydantic import BaseModel, Field


class ReplaySettings(BaseModel):
    """Playback."""

    playback: str = Field(default="", description="Capture to answer from (WARC, HAR, JSON lines; gzip, too).")
    on_miss: Literal["fail", "stub", "backend"] = Field(
        default="fail",
        description="What a request gets that is not in the capture: fail (the protocol's error), stub (the act's "
        "empty answer) or backend (the backend's).",
    )
