"""The numbers by which is listened; all times are seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LivePolicy:
    """How many accounts a process listens for at most, and for how long things take. `most` 0: nobody listens."""

    most: int
    idle: float = 60.0
    """Nobody listens for an account that was not polled for so long."""
    lease: float = 5.0
    """A process that says nothing for so long is taken for dead. It says something four times in that time."""
    refresh: float = 60.0
    """How often a mailbox is looked at all the same when it is polled and all is well."""
    wait: float = 25.0
    """How long a server is asked to wait for events."""
    first_wait: float = 1.0
    """The same the first time, since only an answer shows that all is well."""
    second_look: float = 1.2
    """A lossy server drops what happens between two waits and in the second in which one begins."""
    spacing: float = 1.0
    """A mailbox in which much happens is looked at so often."""
    least_wait: float = 0.3
    """A server that answers sooner, with nothing, does not wait at all."""
    first_pause: float = 0.5
    longest_pause: float = 2.5
    """After failures it is tried again, after twice the time each time, up to this."""
    broken_pause: float = 60.0
    """The same for a server whose answers make no sense."""
    hopeless_pause: float = 600.0
    """How long an account is left alone whose token may not listen, or whose backend cannot tell."""
