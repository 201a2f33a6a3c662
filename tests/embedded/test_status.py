"""status.*"""

from .conftest import AsUser, Caller


def ids(one: Caller) -> list[int]:
    return [item["id"] for item in one("status.getHistory")["items"]]


def test_every_set_adds_a_line(as_user: AsUser) -> None:
    one = as_user(1)
    before = ids(one)
    assert (one("status.set", text="same"), one("status.set", text="same")) == (1, 1)
    assert [item["text"] for item in one("status.getHistory", count=2)["items"]] == ["same", "same"]
    assert ids(one)[2:] == before
    assert min(ids(one)[:2]) > 140403095
    assert one("status.get") == {"text": "same"}


def test_empty_text_clears_the_current_status_only(as_user: AsUser) -> None:
    one = as_user(1)
    before = ids(one)
    assert one("status.get") == {"text": "writing the documentation"}
    assert one("status.set", text="") == 1
    assert (one("status.get"), ids(one)) == ({"text": ""}, before)


def test_delete_and_restore_the_current_status(as_user: AsUser) -> None:
    one = as_user(1)
    before = one("status.getHistory")
    assert one("status.delete", status_id=140403095) == 1
    assert (one("status.get"), one("status.getHistory")["count"]) == ({"text": ""}, 4)
    assert one.error("status.delete", status_id=140403095) == (104, "Not found")
    assert one("status.restore", status_id=140403095) == 1
    assert (one("status.get"), one("status.getHistory")) == ({"text": "writing the documentation"}, before)


def test_statuses_of_others_are_theirs(as_user: AsUser) -> None:
    one = as_user(1)
    assert one.error("status.delete", status_id=140129285)[0] == 104
    assert one.error("status.restore", status_id=140129285)[0] == 104
    assert one("status.clear") == 1
    assert one("status.getHistory") == {"count": 0, "items": []}
    assert one("status.get") == {"text": ""}
    assert one("status.getHistory", user_id=6704204, count=0)["count"] == 42


def test_longest_status(as_user: AsUser) -> None:
    one = as_user(1)
    assert one("status.set", text="ы" * 255) == 1
    assert one.error("status.set", text="ы" * 256) == (
        100,
        "One of the parameters specified was missing or invalid: text is too long: at most 255 characters",
    )
    assert one("status.get") == {"text": "ы" * 255}


def test_closed_pages(one: Caller) -> None:
    assert one.error("status.get", user_id=301)[0] == 30
    assert one.error("status.getHistory", user_id=301)[0] == 30


def test_news_of_friends_only(as_user: AsUser) -> None:
    one = as_user(1)
    as_user(6)("status.set", text="not a friend")
    as_user(7)("status.set", text="a <friend>")
    answer = one("status.getFriends", count=1)
    assert (answer["count"], answer["items"][0]["user_id"], answer["items"][0]["text"]) == (485, 7, "a &lt;friend&gt;")
