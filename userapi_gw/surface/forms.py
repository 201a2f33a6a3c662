"""Pages with forms for browsers: their headers, and forms that no other site can send."""

import secrets

from flask import Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

COOKIE = "login_form"
FORM_SECONDS = 3600
"""How long a form may lie open in a browser."""

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Of every page that holds something secret; its address may, too."""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


class Forms:
    """Tells forms of the page at `path` from those that other sites send in the name of whoever looks at them.

    A form holds, signed, what the browser's cookie holds; other sites can neither read nor set that.
    """

    def __init__(self, secret_key: str, path: str) -> None:
        self._path = path
        self._signer = URLSafeTimedSerializer(secret_key, salt=f"userapi_gw form of {path}")

    def cookie(self, request: Request) -> str:
        """Return what the browser's cookie holds, or should."""
        return request.cookies.get(COOKIE) or secrets.token_hex(16)

    def sign(self, cookie: str) -> str:
        """Return the hidden field of a form."""
        return str(self._signer.dumps(cookie))

    def is_ours(self, request: Request, field: str) -> bool:
        """Tell whether a form came from this page in this browser, lately."""
        try:
            signed = str(self._signer.loads(field, max_age=FORM_SECONDS))
        except BadSignature:
            return False
        return secrets.compare_digest(signed.encode(), request.cookies.get(COOKIE, "").encode())

    def respond(self, html: str, cookie: str, *allowed: str) -> Response:
        """Return a page with a form; `allowed` are directives of what it may load besides its own text."""
        response = Response(html, headers=HEADERS | {"Content-Security-Policy": "; ".join([_POLICY, *allowed])})
        response.set_cookie(COOKIE, cookie, path=self._path, httponly=True, samesite="Strict")
        return response
