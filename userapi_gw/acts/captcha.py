"""Pictures that people can read and programs cannot. UserAPI documentation, "CAPTCHA handling (flood control)"."""

from functools import cache

from captcha.image import ImageCaptcha

from userapi_gw.acts.call import Call
from userapi_gw.acts.registry import Picture, act
from userapi_gw.acts.relay import LONGEST_CSID
from userapi_gw.errors import Failure, Kind


@act("captcha", "CAPTCHA handling (flood control)", form="whole", login=False)
def captcha(call: Call) -> Picture:
    """A picture of five characters, asked for under a name (`csid`) the program makes up; good once, for 10 minutes."""
    csid = call.parameters.text("csid")
    if not 1 <= len(csid) <= LONGEST_CSID:
        raise Failure(Kind.BAD_INPUT, "csid")
    if not call.gate.admits("captcha"):
        raise Failure(Kind.FLOOD, "captcha")
    gate = call.gate
    theirs = gate.relay.picture(call.viewer, gate.address, csid)
    return theirs or Picture(draw(gate.captchas.issue(csid)), "image/png")


def draw(code: str) -> bytes:
    """Return a PNG that shows `code`."""
    return _pen().generate(code).getvalue()


@cache
def _pen() -> ImageCaptcha:
    pen = ImageCaptcha(width=160, height=60)
    _ = pen.truefonts  # loaded now, or two threads would load them at once
    return pen
