"""Captchas of the backend: pictures are handed on as captchas of the protocol's own, pages to a page of the gateway.

UserAPI documentation, "CAPTCHA handling (flood control)"; VK errors 14 and 17, and `need_captcha` at the login.
"""

from dataclasses import dataclass, replace
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
    """Challenges of the backend for whoever asks from a network address.

    `captcha_page` is the address of the gateway's page that leads to those of the backend.
    """

    challenges: Challenges
    media: Media
    captcha_page: str

    def keep(self, viewer: int, address: str, needed: CaptchaNeeded) -> None:
        """Remember what the backend wants of a viewer (0: nobody) at a network address."""
        challenge = Challenge(needed.method, sid=needed.sid, viewer=viewer)
        subjects = _subjects(viewer, address)
        if needed.picture:
            self.challenges.keep(subjects, replace(challenge, picture=needed.picture))
        if needed.page:
            self.challenges.keep(_pages(subjects), replace(challenge, page=needed.page))

    def picture(self, viewer: int, address: str, csid: str) -> Picture | None:
        """Return the picture the backend wants to have read; None when it wants nothing.

        Where a page has to be opened the picture says so. Raises `Failure` when the backend's picture is not to be had.
        """
        subjects = _subjects(viewer, address)
        challenge = self._waiting(subjects)
        if challenge is not None:
            picture = _fetched(self.media, challenge.picture)
            self.challenges.show(challenge, csid)
            return picture
        self.challenges.take(csid)  # what was shown under this name before is not what is going to be
        if self._waiting(_pages(subjects)) is None:
            return None
        return Picture(_written("Open this page\nin a browser:\n" + self.captcha_page), "image/png")

    def page(self, address: str) -> str:
        """Return the address of the backend's page somebody at a network address should open; `""` for none.

        Only those of the backend's own hosts are told to people.
        """
        challenge = self._waiting(_pages(_subjects(0, address)))
        return challenge.page if challenge and self.is_safe(challenge.page) else ""

    def passed(self, address: str, token: str) -> bool:
        """Keep what the backend's page gave to somebody at a network address, for who was to open it.

        Tells whether there was such a page.
        """
        challenge = self._waiting(_pages(_subjects(0, address)))
        if challenge is None:
            return False
        self.challenges.end(challenge)
        self.challenges.keep([_proof(challenge.viewer, address)], replace(challenge, page="", token=token))
        return True

    def proof(self, viewer: int, address: str) -> Solved | None:
        """Return what the backend's page gave for a viewer (0: nobody, at the address); None for nothing.

        It waits for the method it is about, with whose call it is sent once.
        """
        subject = _proof(viewer, address)
        kept = self.challenges.find(subject)
        if kept is None:
            return None
        return Solved(
            kept.method, kept.sid, token=kept.token, taken=lambda: bool(self.challenges.take_waiting(subject))
        )

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

    def _waiting(self, subjects: list[str]) -> Challenge | None:
        found = (self.challenges.find(subject) for subject in subjects)
        return next((challenge for challenge in found if challenge is not None), None)


def sent(parameters: Parameters) -> list[tuple[str, str]]:
    """The names and answers of captchas sent along with a request, under both spellings of their parameters."""
    pairs = [(parameters.text(csid), parameters.text(code).strip()) for csid, code in _NAMES]
    return [(csid, code) for csid, code in pairs if csid not in _NONE and code not in _NONE]


def _subjects(viewer: int, address: str) -> list[str]:
    return ([f"account {viewer}"] if viewer else []) + ([f"address {address}"] if address else [])


def _pages(subjects: list[str]) -> list[str]:
    """The names under which pages wait for subjects."""
    return [f"page for {subject}" for subject in subjects]


def _proof(viewer: int, address: str) -> str:
    """The name under which waits what a page gave."""
    return f"proof of {viewer or address}"


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
