"""The whole modern shore of one viewer, in domain words."""

from userapi_gw.backend.comments import Comments
from userapi_gw.backend.content import Content
from userapi_gw.backend.editing import Editing
from userapi_gw.backend.looks import Looks
from userapi_gw.backend.mail import Mail
from userapi_gw.backend.newcomers import Newcomers
from userapi_gw.backend.news import FriendsNews
from userapi_gw.backend.people import People
from userapi_gw.backend.places import Places
from userapi_gw.backend.tags import Tags
from userapi_gw.backend.uploads import Uploads


class Backend(Editing, People, Content, Comments, Tags, Uploads, Mail, FriendsNews, Looks, Places, Newcomers):
    """Everything the acts may ask of a VK-style server.

    Every method raises `Failure`: `TOKEN_REFUSED` when the server no longer takes the token, `FORBIDDEN` for what
    privacy hides, `NOT_FOUND`, `BAD_INPUT`, `UNSUPPORTED`, `BACKEND_AWAY` and `BACKEND_BROKEN` as `errors.py` says.
    """

    __slots__ = ()
