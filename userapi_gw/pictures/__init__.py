"""Pictures under the gateway's own plain-HTTP address, for programs that know no modern TLS."""

from userapi_gw.pictures.exchange import OwnPictures, Pictures
from userapi_gw.pictures.store import PictureStore

__all__ = ["OwnPictures", "PictureStore", "Pictures"]
