"""`upload.php`: pictures by POST, an answer by redirect. UserAPI documentation, "Uploading photos"."""

import logging
from contextlib import suppress
from functools import cached_property

from flask import Blueprint, Request, Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import FileStorage

from userapi_gw.acts.gate import Gate
from userapi_gw.acts.parameters import Parameters
from userapi_gw.acts.upload_hashes import ALBUM, PROFILE
from userapi_gw.backend import on_behalf
from userapi_gw.backend.media import MOST_BYTES
from userapi_gw.errors import Failure, Kind
from userapi_gw.gateway import Gateway
from userapi_gw.imaging import NotAPictureError, check_jpeg
from userapi_gw.rates import UPLOAD
from userapi_gw.state import Session
from userapi_gw.surface.back import allowed, redirect, site_address
from userapi_gw.surface.failures import end_if_refused, keep_if_captcha, outcome_of
from userapi_gw.surface.hosts import client_address
from userapi_gw.surface.request import form_parameters, query_parameters
from userapi_gw.surface.serving import asked_by

log = logging.getLogger(__name__)

MOST_REQUEST_BYTES = 32 * 1024 * 1024
"""The longest request that is read; a single file may have `MOST_BYTES`."""

MOST_DISCARDED = 64 * 1024 * 1024
"""So much of a longer request is read and thrown away, for a program that is still sending does not read the answer."""

FIELDS = {
    PROFILE: frozenset({"file", "photo"}),
    ALBUM: frozenset({"file", "photo", *(f"file{number}" for number in range(1, 7))}),
}
MOST_FILES = {PROFILE: 1, ALBUM: 6}


def blueprint(gateway: Gateway) -> Blueprint:
    """Return the route of `upload.php`, on any host name."""
    routes = Blueprint("upload", __name__)

    @routes.route("/upload.php", methods=["GET", "POST"])
    def upload() -> Response:
        request.max_content_length = MOST_REQUEST_BYTES
        with request:  # closes the files that longer parts are put into
            return _Upload(gateway, request).response()

    return routes


class _Upload:
    """One request to `upload.php`."""

    def __init__(self, gateway: Gateway, request: Request) -> None:
        self._gateway = gateway
        self._request = request
        self._sent = Parameters({})

    def response(self) -> Response:
        """Store all pictures or none, and whatever happened redirect to `back`, if that is a place we know."""
        try:
            self._read()
            solved = self._gate.relay.solved(self._sent)
            with asked_by(self._gateway, self._request), on_behalf.solving(solved or self._gate.proof()):
                self._store(solved is not None)
        except Failure as failure:
            outcome_of(failure, log, "upload")
            end_if_refused(failure, log, self._gateway, self._session_if_known)
            keep_if_captcha(failure, log, self._gateway, self._session_if_known, self._request)
        except Exception as error:
            outcome_of(error, log, "upload")
        self._gateway.recent.forget()
        back = self._sent.text("back")
        return redirect(allowed(back, self._gateway, self._request) or self._home())

    @cached_property
    def _session(self) -> Session | None:
        return self._gateway.state.sessions.find(self._sent.text("sid"))

    @property
    def _session_if_known(self) -> Session | None:
        try:
            return self._session
        except SQLAlchemyError as error:
            outcome_of(error, log, "upload")
            return None

    def _read(self) -> None:
        """Read the parameters; those of the address are known even when the body cannot be read."""
        self._sent = in_address = query_parameters(self._request)
        try:
            in_body = form_parameters(self._request)
        except Failure:
            _discard(self._request)
            raise
        self._sent = Parameters({**in_address.values, **in_body.values})

    @property
    def _gate(self) -> Gate:
        return self._gateway.gate(self._session.viewer if self._session else 0, client_address(self._request))

    def _store(self, solved: bool) -> None:
        """Store the pictures; `solved` tells that the answer to a captcha of the backend's came along."""
        kind, album = self._sent.text("act"), self._sent.number("aid")
        files = self._files()
        viewer = self._permitted(kind, album if kind == ALBUM else 0, len(files), solved)
        _check(kind, files)
        backend, media = self._gateway.backend(self._session, fresh=True), self._gateway.media
        if kind == PROFILE:
            backend.save_profile_photo(media, _content(files[0][1]))
            return
        album = album or backend.upload_album() or backend.create_album()
        backend.save_album_photos(media, album, (_content(file) for _, file in files))
        log.debug("user %d uploaded %d photos", viewer, len(files))

    def _permitted(self, kind: str, album: int, count: int, solved: bool) -> int:
        """Return the viewer, if they are logged in, named in the request, and have the hashes of this upload."""
        if kind not in FIELDS:
            raise Failure(Kind.UNKNOWN_ACT)
        if self._session is None:
            raise Failure(Kind.NO_SESSION)
        viewer = self._session.viewer
        named = {self._sent.number(name, viewer) for name in ("id", "oid")}
        hashes = self._sent.text("hash"), self._sent.text("rhash")
        if named != {viewer} or not self._gateway.upload_hashes.right(kind, viewer, album, hashes):
            raise Failure(Kind.FORBIDDEN, "hash")
        if not (self._gate.lets_pass(UPLOAD, self._sent, max(1, count)) or solved):
            raise Failure(Kind.FLOOD, "over the limit")
        return viewer

    def _files(self) -> list[tuple[str, FileStorage]]:
        """The files of the request, without the fields of the form in which none was chosen."""
        return [(name, file) for name, file in self._request.files.items(multi=True) if file.filename]

    def _home(self) -> str:
        """Where people land who have no `back`: the site of their session, else the gateway."""
        session = self._session_if_known
        site = self._gateway.site(session.site) if session else None
        return site_address(site, self._request) + "/index.html"


def _check(kind: str, files: list[tuple[str, FileStorage]]) -> None:
    """See that there are as many files as allowed, in the right fields, all of them whole JPEG pictures."""
    if not 0 < len(files) <= MOST_FILES[kind] or any(name not in FIELDS[kind] for name, _ in files):
        raise Failure(Kind.BAD_INPUT, "files")
    for _, file in files:
        body = _content(file)
        if len(body) > MOST_BYTES:
            raise Failure(Kind.BAD_INPUT, "a file is too large")
        try:
            check_jpeg(body)
        except NotAPictureError as error:
            raise Failure(Kind.BAD_INPUT, f"not a picture: {error}") from None


def _content(file: FileStorage) -> bytes:
    """Read a file, from its beginning. They wait on the disk: of many that come at once few are in memory."""
    file.stream.seek(0)
    return file.stream.read(MOST_BYTES + 1)


def _discard(request: Request) -> None:
    left = min(request.content_length or 0, MOST_DISCARDED)
    with suppress(OSError):  # the program stopped sending, so it waits for nothing
        while left > 0 and (part := request.environ["wsgi.input"].read(min(left, 64 * 1024))):
            left -= len(part)
