"""Own addresses: paired names, one folder, nothing else touched."""

from pathlib import Path

import pytest

from userapi_gw.backend.media import Media
from userapi_gw.backend.model import Attachment, Page, Photo, Post, Profile, User
from userapi_gw.pictures import OwnPictures, Pictures, PictureStore

BASE = "http://gateway:8080"
CDN = "http://cdn.ovk.example"
HASH = "9d36ccb3f34e4e01"
PAVEL = User(1, "Pavel", "Durov", f"{CDN}/tiny.gif", f"{CDN}/big.gif", 2, True)


class Store(PictureStore):
    """A store that tells what it was asked to remember."""

    def __init__(self) -> None:
        super().__init__(Path("unused"), 1, Media(["*.ovk.example"], 1))
        self.remembered: dict[str, str] = {}

    def remember(self, sources: object) -> None:
        """Keep it in sight."""
        self.remembered |= sources  # type: ignore[operator]


@pytest.fixture
def store() -> Store:
    return Store()


def test_the_sizes_of_a_person_share_folder_and_name(store: Store) -> None:
    own = OwnPictures(BASE, store).own(PAVEL)
    folder, _, name = own.photo_100.rpartition("/b_")
    assert own == User(1, "Pavel", "Durov", f"{folder}/c_{name}", f"{folder}/b_{name}", 2, True)
    assert folder == f"{BASE}/u00001"
    assert len(name) == len(HASH) + len(".jpg")
    assert store.remembered == {f"/u00001/b_{name}": PAVEL.photo_100, f"/u00001/c_{name}": PAVEL.photo_50}


def test_a_profile_pairs_its_large_picture_with_the_others(store: Store) -> None:
    pictures = OwnPictures(BASE, store)
    small = pictures.own(PAVEL)
    profile = pictures.own(Profile(PAVEL, photo_200=f"{CDN}/huge.gif", home_town="x"))
    assert profile == Profile(small, photo_200=small.photo_100.replace("/b_", "/a_"), home_town="x")


def test_the_same_picture_has_the_same_name_for_everybody(store: Store) -> None:
    here, there = OwnPictures(BASE, store).own(PAVEL), OwnPictures("http://userapi.com", store).own(PAVEL)
    assert there.photo_100 == here.photo_100.replace(BASE, "http://userapi.com")
    assert len(store.remembered) == 2


def test_photos_and_attached_photos(store: Store) -> None:
    photo = Photo(77777, 5, 1, url_75="", url_130=f"{CDN}/m.jpg", url_604=f"{CDN}/x.jpg")
    own = OwnPictures(BASE, store).own(photo)
    name = own.url_604.removeprefix(f"{BASE}/u77777/x_")
    assert own == Photo(77777, 5, 1, f"{BASE}/u77777/s_{name}", f"{BASE}/u77777/m_{name}", f"{BASE}/u77777/x_{name}")
    post = Post(1, 2, 3, PAVEL, "text", Attachment(1, "", f"{CDN}/m.jpg", f"{CDN}/x.jpg", 77777, 5))
    (attached,) = OwnPictures(BASE, store).own(Page(9, [post])).rows
    assert attached.attachment == Attachment(1, "", own.url_130, own.url_604, 77777, 5)
    assert attached.author == OwnPictures(BASE, store).own(PAVEL)


@pytest.mark.parametrize(
    "thing",
    [
        User(1, "No", "Picture"),
        User(1, "Else", "Where", "http://evil.example/c.jpg", "http://evil.example/b.jpg"),
        Attachment(3, "Video", f"{CDN}/thumb.jpg", f"{CDN}/video.flv", 1, 2),
        Photo(1, 2, 3),
        [1, "text", None],
    ],
)
def test_all_else_stays(store: Store, thing: object) -> None:
    assert OwnPictures(BASE, store).own(thing) == thing
    assert store.remembered == {}


def test_a_size_on_a_strange_host_is_made_from_the_others(store: Store) -> None:
    own = OwnPictures(BASE, store).own(User(1, "A", "B", "http://evil.example/c.jpg", PAVEL.photo_100))
    assert own.photo_50.startswith(f"{BASE}/u00001/c_")
    assert list(store.remembered.values()) == [PAVEL.photo_100]


def test_photos_of_a_group_have_a_folder_too(store: Store) -> None:
    own = OwnPictures(BASE, store).own(Photo(-5, 1, 1, url_604=f"{CDN}/x.jpg"))
    assert own.url_604.startswith(f"{BASE}/u00005/x_")


def test_the_backends_addresses_on_request() -> None:
    assert Pictures().own(PAVEL) is PAVEL
