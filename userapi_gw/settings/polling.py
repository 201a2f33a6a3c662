"""How often lists are looked at, and how long what was seen is good for."""

from pydantic import BaseModel, Field


class PollingSettings(BaseModel):
    """Histories, friends' news, long poll, remembered answers."""

    refresh_seconds: float = Field(
        default=3.0, ge=0, description="A polled list is compared with the backend at most this often, in seconds."
    )
    snapshot_seconds: float = Field(
        default=300.0,
        ge=0,
        description="Where the backend has no feed of friends' news: a friend is looked at for each kind of news at "
        "most this often, in seconds.",
    )
    snapshot_friends_per_refresh: int = Field(
        default=5, ge=1, le=100, description="At most so many calls to the backend are made for that at once."
    )
    live_pollers: int = Field(
        default=200,
        ge=0,
        le=2000,
        description="For so many accounts at once each server process listens to the backend (long poll), so that new "
        "messages are there before a program asks; 0: for none.",
    )
    live_idle_seconds: float = Field(
        default=60.0, gt=0, description="It stops to listen for an account that was not polled for so long, in seconds."
    )
    live_refresh_seconds: float = Field(
        default=60.0,
        ge=0,
        description="A polled mailbox for which it listens is compared at most this often without cause, in seconds.",
    )
    live_lease_seconds: float = Field(
        default=5.0,
        gt=0,
        description="A process without a sign of life for so long is replaced by another one, in seconds.",
    )
    looks_per_second: float = Field(
        default=20.0,
        gt=0,
        description="At most so many polled lists are compared with the backend in a second, and as often counters are "
        "asked for, by each process.",
    )
    cache_seconds: float = Field(
        default=3.0,
        ge=0,
        description="How long a list without a history may be answered again, unless somebody writes, in seconds.",
    )
