"""How VK signs the launch of an app: three forms, pure functions. All comparisons take the same time for any guess.

1. Document 000, 2.1 ("Launch parameters"): the values of all parameters as they came, one behind the other.
2. `sign_keys` names the parameters whose values are signed, in that order.
3. VK Mini Apps: parameters that begin with `vk_`, by name, as a query.

In 1 and 2 nothing marks where a value ends or whose it is. Characters can be moved from one parameter to the next,
values can change names, and the signature stays right. So beside these `auth_key` is required, which binds app and
viewer, and whatever else such a launch says counts as what the viewer says: see `launch`.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

NEVER_SIGNED = ("hash", "sign")
API_RESULT = "api_result"
MINI_APP = "vk_"


def is_signed(sent: Mapping[str, str], secret: str) -> bool:
    """Check `sign` of a launch (parameters in the order they came) in the form the launch has."""
    sign = sent.get("sign", "")
    if is_of_mini_app(sent):
        return same(sign, by_name(sent, secret))
    if "sign_keys" in sent:
        return same(sign, of_named(sent, secret))
    # The document's code signs `api_result`, too; other code of VK leaves it out. It is believed in neither case.
    whole, without = concatenated(sent, secret), concatenated(sent, secret, but=(*NEVER_SIGNED, API_RESULT))
    return same(sign, whole) | same(sign, without)


def is_of_mini_app(sent: Mapping[str, str]) -> bool:
    """Tell whether a launch has the third form."""
    return any(name.startswith(MINI_APP) for name in sent)


def concatenated(sent: Mapping[str, str], secret: str, but: Iterable[str] = NEVER_SIGNED) -> str:
    """Return the first form's signature, 64 hex digits."""
    return _hex(secret, (value for name, value in sent.items() if name not in but))


def of_named(sent: Mapping[str, str], secret: str) -> str:
    """Return the second form's signature, 64 hex digits. A parameter that is named and was not sent is empty."""
    return _hex(secret, (sent.get(name, "") for name in sent["sign_keys"].split(",")))


def by_name(sent: Mapping[str, str], secret: str) -> str:
    """Return the third form's signature: base64 for addresses, without padding, 43 characters."""
    signed = urlencode(sorted((name, value) for name, value in sent.items() if name.startswith(MINI_APP)))
    digest = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def auth_key(app: str, viewer: str, secret: str) -> str:
    """Return what binds a viewer to an app, 32 hex digits."""
    return hashlib.md5(f"{app}_{viewer}_{secret}".encode(), usedforsecurity=False).hexdigest()  # VK's choice


def same(given: str, right: str) -> bool:
    """Compare without telling by the time taken how much of a guess is right. Letters are not folded."""
    return hmac.compare_digest(given.encode(errors="surrogatepass"), right.encode())


def _hex(secret: str, values: Iterable[str]) -> str:
    return hmac.new(secret.encode(), "".join(values).encode(), hashlib.sha256).hexdigest()
