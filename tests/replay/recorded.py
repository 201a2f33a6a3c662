"""A gateway that is recorded, without a server around it."""

from collections.abc import Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask

from userapi_gw.replay.cleaning import Cleaner
from userapi_gw.replay.recorder import Recorder
from userapi_gw.replay.stand_ins import StandIns
from userapi_gw.replay.writing import ENCODERS, CaptureFile


def record(gateway: Flask, path: Path, name: str = "jsonl") -> CaptureFile:
    """Record a gateway."""
    file = CaptureFile(path, ENCODERS[name]())
    gateway.wsgi_app = Recorder(gateway.wsgi_app, Cleaner(StandIns()), file)  # type: ignore[assignment, method-assign]
    close_answers(gateway)
    return file


def close_answers(gateway: Flask) -> None:
    """Let answers be closed as servers do; the test client does not."""
    application = gateway.wsgi_app

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = application(environ, start_response)
        try:
            return list(answer)
        finally:
            answer.close()  # type: ignore[attr-defined]

    gateway.wsgi_app = serve  # type: ignore[method-assign]
