"""What is wrong with JSON, in one line that quotes nothing of it."""

from pydantic import ValidationError


def reason(error: ValueError) -> str:
    """Return the first fault of a value."""
    if not isinstance(error, ValidationError):
        return "not what it should be"
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if fault["type"] == "json_invalid":
        return "broken or cut off"
    place = ".".join(str(part) for part in fault["loc"])
    return f"{place}: {fault['msg'].lower()}"
