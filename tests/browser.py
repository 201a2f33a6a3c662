"""A browser at a page with forms: keeps its cookie, sends forms as a person would."""

import re
from html import unescape

from flask import Flask
from werkzeug.test import TestResponse


class Browser:
    """Opens the page at `path` and fills in its forms."""

    def __init__(self, gateway: Flask, path: str = "/login") -> None:
        self.client = gateway.test_client()
        self.path, self.html = path, ""

    def open(self) -> str:
        """Look at the page."""
        return self._seen(self.client.get(self.path))

    def send(self, **fields: str) -> str:
        """Open the page unless it is, fill in one of its forms and return what the page says then."""
        if not self.html:
            self.open()
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.html))
        return self._seen(self.client.post(self.path, data={**hidden, **fields}))

    @property
    def told(self) -> list[str]:
        """What stands out on the page, as plain text."""
        parts = re.findall(r'<p class="told".*?</p>', self.html, re.S)
        return [" ".join(unescape(re.sub(r"<[^>]*>", "", part)).split()) for part in parts]

    def _seen(self, response: TestResponse) -> str:
        assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
        self.html = response.get_data(as_text=True)
        return self.html
