"""What an OpenVK does that a VK does not, beyond the form of its answers."""

from pathlib import Path

import pytest

from tests.embedded.openvk.conftest import Site, open_site
from tests.embedded.openvk.exchanges import ANNA, BORIS, CAROL, FOREIGN_MESSAGE, PHOTO, PHOTO_COMMENT, STRANGER
from userapi_gw.embedded import create_backend
from userapi_gw.embedded.openvk.text import formatted


def test_lists_of_people_are_paged(site: Site) -> None:
    everybody = [one["id"] for one in site(ANNA, "friends.get", count=6)["items"]]
    pages = [[one["id"] for one in site(ANNA, "friends.get", count=2, offset=page)["items"]] for page in range(3)]
    assert [number for page in pages for number in page] == everybody


def test_walls_and_searches_have_true_offsets(site: Site) -> None:
    posts = [one["id"] for one in site(ANNA, "wall.get", owner_id=ANNA, count=3)["items"]]
    assert [one["id"] for one in site(ANNA, "wall.get", owner_id=ANNA, count=2, offset=1)["items"]] == posts[1:]
    found = [one["id"] for one in site(ANNA, "users.search", q="durov", count=3)["items"]]
    assert [one["id"] for one in site(ANNA, "users.search", q="durov", count=2, offset=1)["items"]] == found[1:]
    assert found == sorted(found, reverse=True)


def test_a_history_counts_what_it_shows(site: Site) -> None:
    assert site(ANNA, "messages.getHistory", user_id=BORIS, count=2)["count"] == 2


def test_anybody_deletes_any_message_for_everybody(site: Site) -> None:
    assert site(ANNA, "messages.delete", message_ids=FOREIGN_MESSAGE) == {str(FOREIGN_MESSAGE): 1}
    assert site(STRANGER, "messages.getHistory", user_id=12)["items"] == []
    assert site(ANNA, "messages.restore", message_id=FOREIGN_MESSAGE) == 0
    assert site(12, "messages.restore", message_id=FOREIGN_MESSAGE) == 1
    assert [one["id"] for one in site(STRANGER, "messages.getHistory", user_id=12)["items"]] == [FOREIGN_MESSAGE]


def test_a_comment_on_a_photo_goes_the_way_of_those_on_walls(site: Site) -> None:
    assert site.error(CAROL, "wall.deleteComment", comment_id=PHOTO_COMMENT) == (7, "Access denied")
    assert site(ANNA, "wall.deleteComment", comment_id=PHOTO_COMMENT) == 1
    assert PHOTO_COMMENT not in [
        one["id"] for one in site(ANNA, "photos.getComments", owner_id=ANNA, photo_id=PHOTO)["items"]
    ]


def test_a_former_friend_stays_as_somebody_who_asks(site: Site) -> None:
    assert site(ANNA, "friends.delete", user_id=CAROL) == 1
    assert site(ANNA, "friends.areFriends", user_ids=CAROL) == [{"friend_status": 2, "user_id": CAROL}]
    assert CAROL in [one["id"] for one in site(ANNA, "friends.getRequests")["items"]]
    assert site(ANNA, "friends.add", user_id=CAROL) == 2


def test_the_older_generation_swaps_who_asked(prepared: Path, tmp_path: Path) -> None:
    site = open_site(prepared, tmp_path, "openvk-2023")
    assert site(ANNA, "friends.areFriends", user_ids=BORIS) == [{"friend_status": 2, "user_id": BORIS}]
    assert site(BORIS, "friends.areFriends", user_ids=ANNA) == [{"friend_status": 1, "user_id": ANNA}]
    (person,) = site(ANNA, "users.get", user_ids=BORIS, fields="bdate,home_town,sex")
    assert sorted(person) == ["can_access_closed", "first_name", "id", "is_closed", "last_name", "online", "sex"]
    assert site.error(ANNA, "wall.pin", owner_id=1, post_id=1) == (3, "Unknown method passed.")


@pytest.mark.parametrize("code", range(9))
def test_relations_are_kept_in_vks_codes(site: Site, code: int) -> None:
    site(ANNA, "account.saveProfileInfo", relation=code)
    assert site(ANNA, "account.getProfileInfo")["relation"] == code
    vk = create_backend(site.path).test_client()
    told = vk.post("/method/account.getProfileInfo", data={"access_token": site.token(ANNA)}).get_json()["response"]
    assert told["relation"] == {5: 8, 6: 7, 7: 5, 8: 6}.get(code, code)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        (
            '<b>&"q"\' @id3 http://example.org/?a=1&b=2',
            '&lt;b&gt;&amp;"q"\' [id3|@id3] http://example.org/?a=1&amp;b=2',
        ),
        ("a\r\nb @boris @id2 (Анна) *id3 (Б) [id2|x]", "a\nb [boris|@boris] [id2|Анна] [id3|Б] [id2|x]"),
        ("me@example.org 2*2", "me@example.org 2*2"),
    ],
)
def test_texts_are_escaped_and_mentions_bracketed(text: str, sent: str) -> None:
    assert formatted(text) == sent


def test_a_status_is_sent_as_it_was_written(site: Site) -> None:
    site(ANNA, "status.set", text='мой <статус> & "x"')
    assert site(ANNA, "status.get") == {"text": 'мой <статус> & "x"'}
    site(ANNA, "status.set", text="")
    assert site(ANNA, "status.get") == {"text": ""}


def test_holes_make_an_object_of_a_list(site: Site) -> None:
    assert sorted(site(0, "users.get", user_ids="0,6")) == ["1"]
    assert [one["id"] for one in site(0, "users.get", user_ids="6,0")] == [6]


def test_messages_of_the_embedded_world_are_the_same_for_both(site: Site) -> None:
    number = site(ANNA, "messages.send", user_id=BORIS, message="здравствуй", random_id=5)
    again = site(ANNA, "messages.send", user_id=BORIS, message="здравствуй", random_id=5)
    assert again == number + 1
    vk = create_backend(site.path).test_client()
    asked = {"access_token": site.token(BORIS), "peer_id": ANNA, "count": 1}
    assert vk.post("/method/messages.getHistory", data=asked).get_json()["response"]["items"][0]["id"] == again


def test_an_unknown_emulation_is_refused(prepared: Path) -> None:
    with pytest.raises(KeyError):
        create_backend(prepared, "icq")
