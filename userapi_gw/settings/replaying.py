"""Captures as the source of answers, and a second gateway that is asked the same."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from userapi_gw.settings.checks import web_url


class ReplaySettings(BaseModel):
    """Playback and shadow."""

    playback: str = Field(default="", description="Capture to answer from (WARC, HAR, JSON lines; gzip, too).")
    on_miss: Literal["fail", "stub", "backend"] = Field(
        default="fail",
        description="What a request gets that is not in the capture: fail (the protocol's error), stub (the act's "
        "empty answer) or backend (the backend's).",
    )
    shadow: Annotated[str, AfterValidator(lambda url: url and web_url(url))] = Field(
        default="",
        description="Address of a second gateway that is asked the same, to compare answers; it gets passwords, too.",
    )
    sample: float = Field(default=1.0, ge=0, le=1, description="Share of the sessions that the shadow gets, 0 to 1.")
    shadow_writes: bool = Field(default=False, description="Whether the shadow gets requests that change something.")
