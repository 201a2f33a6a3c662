"""The embedded world behind the API of an OpenVK, as a running instance of August 2026 answered it.

A layer over the embedded server: the data are its database, and `METHODS` of `registry` is the table of what an OpenVK
has and how it answers it. What is not in it, OpenVK does not know (error 3). `fixtures/openvk/recorded.jsonl` holds the
answers this was built from.
"""

from userapi_gw.embedded.openvk.server import create_openvk
from userapi_gw.embedded.openvk.token import GUARDED
from userapi_gw.embedded.openvk.variant import VARIANTS, Emulation, Limit

__all__ = ["GUARDED", "VARIANTS", "Emulation", "Limit", "create_openvk"]
