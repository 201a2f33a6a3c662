"""Records what a gateway is asked and answers, secrets replaced."""

import logging
from wsgiref.types import WSGIApplication

from userapi_gw.errors import explain
from userapi_gw.replay.cleaning import Cleaner
from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.observer import Observer
from userapi_gw.replay.writing import Writer

log = logging.getLogger(__name__)


class Recorder(Observer):
    """The application, and a capture which every exchange is written to when it has been answered.

    What cannot be written (a full disk) is lost and logged; programs get their answers all the same.
    """

    def __init__(self, application: WSGIApplication, cleaner: Cleaner, writer: Writer) -> None:
        super().__init__(application, self._record)
        self._cleaner, self._writer = cleaner, writer

    def _record(self, exchange: Exchange) -> None:
        try:
            self._writer.write(self._cleaner.clean(exchange))
        except OSError as error:
            log.error("an exchange was not recorded: %s", explain(error))
