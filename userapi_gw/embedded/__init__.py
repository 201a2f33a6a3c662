"""A small VK-dialect server with a database of its own, for people who have no VK or OpenVK at hand.

It speaks `/method/section.name` and `/token` like VK (API version 5.131) and holds the world that the samples of the
UserAPI documentation show. The gateway reaches it only through these calls, as it would reach any other server.
"""

from userapi_gw.embedded.app import create_backend, make_community_key
from userapi_gw.embedded.demo import DEMO_ACCOUNTS

__all__ = ["DEMO_ACCOUNTS", "create_backend", "make_community_key"]
