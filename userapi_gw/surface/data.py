"""`/data`: from a request to an act and back to bytes. UserAPI documentation, "Obtaining data with API"."""

import logging
from functools import cached_property
from typing import Any

from flask import Blueprint, Request, Response, request

from userapi_gw import acts
from userapi_gw.acts.multi import asked
from userapi_gw.acts.parameters import Parameters
from userapi_gw.acts.upload_hashes import UploadForms
from userapi_gw.backend import on_behalf
from userapi_gw.dialect import Dialect
from userapi_gw.errors import CaptchaNeeded, Failure, Kind
from userapi_gw.gateway import Gateway
from userapi_gw.state import Session
from userapi_gw.surface.answer import Spelled, callback_name, respond, spelled, takes_gzip
from userapi_gw.surface.failures import end_if_refused, keep_if_captcha, outcome_of
from userapi_gw.surface.hosts import client_address, own_address
from userapi_gw.surface.request import parameters
from userapi_gw.surface.serving import serving

log = logging.getLogger(__name__)


def blueprint(gateway: Gateway) -> Blueprint:
    """Return the routes of `/data`, on any host name."""
    routes = Blueprint("data", __name__)

    @routes.route("/data", methods=["GET", "POST"])
    def data() -> Response:
        # The request itself: each look through Flask's stand-in for it costs as much as the look.
        return _Data(gateway, request._get_current_object()).response()  # type: ignore[attr-defined]

    return routes


class _Data:
    """One request to `/data`."""

    def __init__(self, gateway: Gateway, request: Request) -> None:
        self._gateway = gateway
        self._request = request
        self._parameters = Parameters({})
        self._session: Session | None = None

    def response(self) -> Response:
        """Answer in JSON (a captcha: as a picture) with status 200, whatever happens inside."""
        try:
            self._parameters = parameters(self._request)
            with serving(self._gateway, self._request):
                answer = self._answer()
        except Exception as error:
            answer = self._spelled(self._refusal(error))
        if isinstance(answer, acts.Picture):
            return Response(answer.body, content_type=answer.content_type, headers={"Cache-Control": "no-store"})
        return respond(answer)

    def _answer(self) -> Spelled | acts.Picture:
        name = self._parameters.text("act")
        self._session = self._gateway.state.sessions.find(self._parameters.text("sid"))
        act = acts.find(name)
        if act is None:
            self._gateway.state.unknown.add(name)
            raise Failure(Kind.UNKNOWN_ACT)
        if act is acts.MULTI and not asked(self._parameters):
            raise Failure(Kind.BAD_INPUT, "no act and no list")
        if self._session is None and act.login:
            raise Failure(Kind.NO_SESSION)
        if not act.recent:
            return self._made(act)
        known: Spelled | acts.Picture = self._gateway.recent.of(self._question(), lambda: self._made(act))
        return known

    def _question(self) -> tuple[Any, ...]:
        """Everything the answer of an act depends on, apart from the data."""
        asked = sorted((name, value) for name, value in self._parameters.values.items() if name != "sid")
        viewer = self._session.viewer if self._session else 0
        return viewer, self._dialect, own_address(self._request), takes_gzip(self._request), asked

    def _made(self, act: acts.Act) -> Spelled | acts.Picture:
        """Run an act, with the answer to a captcha of the backend's if there is one: the backend looks at it."""
        call = self._call(act)
        gate = call.gate
        solved = gate.relay.solved(self._parameters)
        if act.writes and act.login and not (gate.lets_pass(act.name, self._parameters) or solved):
            raise Failure(Kind.FLOOD, "over the limit")
        try:
            answer = _answered(act, call, solved)
        finally:
            if act.writes:
                self._gateway.recent.forget()
        return answer if isinstance(answer, acts.Picture) else self._spelled(answer)

    def _spelled(self, answer: Any) -> Spelled:
        return spelled(answer, self._dialect, self._request, callback_name(self._parameters.text("back")))

    def _call(self, act: acts.Act) -> acts.Call:
        dialect, backend = self._dialect, self._gateway.backend(self._session, fresh=act.writes)
        address = own_address(self._request)
        pictures = self._gateway.pictures(dialect, address)
        return acts.Call(
            viewer=backend.viewer,
            parameters=self._parameters,
            window=self._parameters.window(act.window, act.most),
            dialect=dialect,
            backend=backend,
            histories=self._gateway.histories(backend, dialect, pictures, self._session),
            counters=self._gateway.counters,
            gate=self._gateway.gate(backend.viewer if act.login else 0, client_address(self._request)),
            registrar=self._gateway.registrar,
            announcer=self._gateway.announcer,
            pictures=pictures,
            uploads=UploadForms(address, self._gateway.upload_hashes),
        )

    def _refusal(self, error: Exception) -> Any:
        """The `ok` code of whatever went wrong. When the backend refused the token, the session ends with it."""
        outcome = outcome_of(error, log, f"act {self._act_name!r}")
        keep_if_captcha(error, log, self._gateway, self._session, self._request)
        end_if_refused(error, log, self._gateway, self._session)
        return {"ok": outcome.ok}

    @property
    def _act_name(self) -> str:
        """The act for the log. One that does not exist is not repeated: it may be a sid in the wrong place."""
        act = acts.find(self._parameters.text("act"))
        return act.name if act else "(unknown)"

    @cached_property
    def _dialect(self) -> Dialect:
        """How to answer; asked for when the session is known, or is known not to be there."""
        site_id = self._session.site if self._session else self._parameters.number("site")
        return self._gateway.dialect(self._gateway.site(site_id), self._request.headers.get("User-Agent", ""))


def _answered(act: acts.Act, call: acts.Call, solved: on_behalf.Solved | None) -> Any:
    """Run an act; what reads, again if the backend wants a captcha for it that somebody has solved at its page."""
    proof = call.gate.proof() if act.writes else None
    try:
        with on_behalf.solving(solved or proof):
            return acts.answer(act, call)
    except CaptchaNeeded:
        proof = None if act.writes else call.gate.proof()
        if proof is None:
            raise
    with on_behalf.solving(proof):
        return acts.answer(act, call)
