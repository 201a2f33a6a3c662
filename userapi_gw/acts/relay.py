"""Captchas of the backend, handed on as captchas of the protocol's own.

UserAPI documentation, "CAPTCHA handling (flood control)"; VK errors 14 and 17, and `need_captcha` at the login.
"""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from userapi_gw.acts.parameters import Parameters
from userapi_gw.acts.registry import Picture
from userapi_gw.backend.media import Media
from userapi_gw.backend.on_behalf import Solved
from userapi_gw.errors import CaptchaNeeded, Failure, Kind
from userapi_gw.imaging import NotAPictureError, shrink
from userapi_gw.state.challenges import Challenge, Challenges

LONGEST_CSID = 64

WIDEST = 400
"""The most pixels a captcha is across; programs of 2008 have no room for more."""

_NAMES = (("fcsid", "fccode"), ("csid", "ccode"))
_NONE = ("", "0")
"""What programs send that have no captcha to answer: Durov Lite and pyvk-t write `fcsid=0&fccode=0` at every login."""


@dataclass(frozen=True, slots=True)
class Relay:
    """Challenges of the backend for whoever asks from a network address; `login_page` is where the others are told."""

    challenges: Challenges
    media: Media
    login_page: str

    def keep(self, viewer: int, address: str, needed: CaptchaNeeded) -> None:
        """Remember what the backend wants of a viewer (0: nobody) at a network address."""
        challenge = Challenge(needed.method, sid=needed.sid, picture=needed.picture, page=needed.page)
        self.challenges.keep(_subjects(viewer, address), challenge)

    def picture(self, viewer: int, address: str, csid: str) -> Picture | None:
        """Return the picture the backend wants to have read; None when it wants nothing.

        Where a page has to be opened the picture says so. Raises `Failure` when the backend's picture is not to be had.
        """
        challenge = self._waiting(viewer, address)
        if challenge is None:
            self.challenges.take(csid)  # what was shown under this name before is not what is going to be
            return None
        if not challenge.picture:
            return Picture(_written("Open this page\nin a browser:\n" + self.login_page), "image/png")
        picture = _fetched(self.media, challenge.picture)
        self.challenges.show(challenge, csid)
        return picture

    def page(self, address: str) -> str:
        """Return the address of the backend's page somebody at a network address should open; `""` for none.

        Only those of the backend's own hosts are told to people.
        """
        challenge = self._waiting(0, address)
        page = challenge.page if challenge and not challenge.picture else ""
        return page if self.is_safe(page) else ""

    def is_safe(self, page: str) -> bool:
        """Tell whether people may be sent to an address that the backend named."""
        return page.startswith("https://") and self.media.allows(page)

    def solved(self, parameters: Parameters) -> Solved | None:
        """Return the answer to a captcha of the backend's that was sent along, once; None when there is none."""
        for csid, code in sent(parameters):
            challenge = self.challenges.take(csid) if len(csid) <= LONGEST_CSID else None
            if challenge is not None:
                return Solved(challenge.method, challenge.sid, code)
        return None

    def _waiting(self, viewer: int, address: str) -> Challenge | None:
        found = (self.challenges.find(subject) for subject in _subjects(viewer, address))
        return next((challenge for challenge in found if challenge is not None), None)


def sent(parameters: Parameters) -> list[tuple[str, str]]:
    """The names and answers of captchas sent along with a request, under both spellings of their parameters."""
    pairs = [(parameters.text(csid), parameters.text(code).strip()) for csid, code in _NAMES]
    return [(csid, code) for csid, code in pairs if csid not in _NONE and code not in _NONE]


def _subjects(viewer: int, address: str) -> list[str]:
    return ([f"account {viewer}"] if viewer else []) + ([f"address {address}"] if address else [])


def _fetched(media: Media, url: str) -> Picture:
    try:
        return Picture(shrink(media.fetch(url), WIDEST), "image/jpeg")
    except NotAPictureError as error:
        raise Failure(Kind.BACKEND_BROKEN, f"captcha: {error}") from None


def _written(text: str) -> bytes:
    font = ImageFont.load_default(13)
    left, top, right, bottom = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox((0, 0), text, font=font)
    image = Image.new("L", (int(right - left) + 10, int(bottom - top) + 10), "white")
    ImageDraw.Draw(image).multiline_text((5 - left, 5 - top), text, fill="black", font=font)
    body = BytesIO()
    image.save(body, "PNG")
    return body.getvalue()
