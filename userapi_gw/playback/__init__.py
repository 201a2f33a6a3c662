"""Answers from a capture: which one is next, how it fits the program that asks, and what to say when there is none."""

from userapi_gw.playback.opening import begin, open_tape, tally
from userapi_gw.playback.tape import Tape

__all__ = ["Tape", "begin", "open_tape", "tally"]
