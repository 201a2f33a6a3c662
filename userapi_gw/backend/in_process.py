"""A transport for `requests` that calls a WSGI application in this process instead of a server over the network."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPResponse
from werkzeug.test import EnvironBuilder, run_wsgi_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class InProcessAdapter(BaseAdapter):
    """Answers every request from a WSGI application, so that everything above takes the path of a remote server."""

    def __init__(self, application: "WSGIApplication", end: Callable[[], None] | None = None) -> None:
        super().__init__()
        self._application, self._end = application, end

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: object = None,
        verify: object = True,
        cert: object = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """Run the application on `request`; time-outs, certificates and proxies have no meaning here."""
        body, status, headers = run_wsgi_app(self._application, _environ(request), buffered=True)
        response = Response()
        response.status_code = int(status.split(" ", 1)[0])
        response.headers = CaseInsensitiveDict(headers.items())
        response.encoding = "utf-8"
        response.url = request.url or ""
        response.request = request
        response.raw = HTTPResponse(BytesIO(b"".join(body)), preload_content=False)
        return response

    def close(self) -> None:
        """Call `end`, which stops what the application does by itself; there is no connection to close."""
        if self._end is not None:
            self._end()


def _environ(request: PreparedRequest) -> dict[str, Any]:
    url = urlsplit(request.url or "")
    body: Any = request.body or b""
    builder = EnvironBuilder(
        path=url.path,
        query_string=url.query,
        base_url=f"{url.scheme}://{url.netloc}",
        method=request.method or "GET",
        headers=list(request.headers.items()),
        input_stream=body if hasattr(body, "read") else BytesIO(body.encode() if isinstance(body, str) else body),
    )
    try:
        return builder.get_environ()
    finally:
        builder.close()
