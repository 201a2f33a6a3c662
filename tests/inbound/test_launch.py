"""Launches of a community's app: vectors of each form, and what attackers make of a launch.

The vector of mini apps is that of VK's documentation ("Launch parameters"); those of the other two forms were computed
with openssl from what document 000, 2.1, concatenates.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.inbound.launches import APP, GROUP, SECRET, Sent, auth_key, concatenated, hex_sign, mini, named, plain, query
from userapi_gw.inbound import signatures
from userapi_gw.inbound.launch import App, Launch, verified
from userapi_gw.inbound.launch_parameters import LaunchRefused, launch_parameters

NOW = 1_800_000_000
OURS = App(APP, GROUP, SECRET)
FORMS: dict[str, Callable[..., Sent]] = {"concatenated": concatenated, "named": named, "mini": mini}
NOT_SIGNED = "the launch is not signed by this app"
OLD = "the launch was used or is too old: open the app again in VK"


def launched(sent: Sent | str, app: App = OURS, now: float = NOW) -> Launch:
    raw = sent if isinstance(sent, str) else query(sent)
    return verified(launch_parameters(raw.encode()), app, now, 600)


def refusal(sent: Sent | str, app: App = OURS, now: float = NOW) -> str:
    with pytest.raises(LaunchRefused) as refused:
        launched(sent, app, now)
    return refused.value.reason


def test_vk_s_own_vector_of_a_mini_app() -> None:
    sent = dict(
        parse_qsl(
            "vk_user_id=494075&vk_app_id=6736218&vk_is_app_user=1&vk_are_notifications_enabled=1&vk_language=ru"
            "&vk_access_token_settings=&vk_platform=android&sign=htQFduJpLxz7ribXRZpDFUH-XEUhC9rBPTJkjUFEkRA",
            keep_blank_values=True,
        )
    )
    assert signatures.by_name(sent, "wvl68m4dR1UpLrVRli") == sent["sign"]
    assert signatures.is_signed(sent, "wvl68m4dR1UpLrVRli")


def test_vectors_of_the_other_forms() -> None:
    """`printf 776492 | openssl dgst -sha256 -hmac SECRET_KEY`, and so on; `printf 77_6492_SECRET_KEY | md5sum`."""
    sent = {"api_id": "77", "viewer_id": "6492", "hash": "x", "api_result": "{}", "sign": "y"}
    keys = {**sent, "sign_keys": "viewer_id,api_id"}
    assert [
        signatures.concatenated(sent, "SECRET_KEY"),
        signatures.concatenated(sent, "SECRET_KEY", but=("hash", "sign", "api_result")),
        signatures.of_named(keys, "SECRET_KEY"),
        signatures.auth_key("77", "6492", "SECRET_KEY"),
    ] == [
        "4d290b7676d7b8bd411729edf255f34eb71d4a638dcd1356a21f45327f9394f8",
        "78e3952a11db06e5d4991d1c8698734bd5dd28087f0a98d1ccfa7b0755e6a30c",
        "d13c30855232205158136f47959fd2eb9c4448d56655e15f9250b182cb20981a",
        "f5208e4a4f4a455af27a5cb5adda87d7",
    ]


@pytest.mark.parametrize("form", FORMS)
def test_what_a_launch_says(form: str) -> None:
    rights = {"concatenated": 8199, "named": 8199, "mini": 6}[form]
    sent = FORMS[form](hash="wall", api_result='{"response":[]}')
    until = NOW + 86_460 if form == "mini" else None
    assert launched(sent) == Launch(1, 1, rights, "token-of-pavel", "wall", '{"response":[]}', sent["sign"], until)


def test_the_api_s_first_answer_may_be_signed_or_not() -> None:
    without = plain()
    signed = "".join(value for name, value in without.items() if name not in ("hash", "sign", "api_result"))
    sent = {**without, "api_result": '{"response":1}', "sign": hex_sign(signed)}
    assert launched(sent).api_result == '{"response":1}'


def test_what_is_not_told_is_not_known() -> None:
    assert launched(concatenated(api_settings=None, viewer_type=None, hash=None)).rights is None
    bare = launched(mini(vk_access_token_settings=None, vk_viewer_group_role=None, access_token=None))
    assert (bare.rights, bare.role, bare.token) == (None, 0, "")
    roles = [launched(mini(vk_viewer_group_role=role)).role for role in ("none", "member", "moder", "editor", "admin")]
    assert roles == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("form", FORMS)
def test_every_parameter_that_is_signed_is_guarded(form: str) -> None:
    """Each one changed, left out and emptied. `hash` and `api_result` may be anything, an owner of a token is asked."""
    sent, free = FORMS[form](), {"hash", "api_result"} | ({"access_token"} if form == "mini" else set())
    for name in sent.keys() - free:
        changed = {**sent, name: sent[name][:-1] + ("1" if sent[name][-1:] != "1" else "0")}
        for other in (changed, {key: value for key, value in sent.items() if key != name}, {**sent, name: ""}):
            if form == "named" and name in ("sign_keys",):
                continue
            if other != sent:
                assert refusal(other), name


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda sent: {**sent, "sign": sent["sign"].upper()}, None),
        (lambda sent: {**sent, "sign": sent["sign"] + "="}, None),
        (lambda sent: {**sent, "sign": ""}, None),
        (lambda sent: {**sent, "sign": "0" * 64}, NOT_SIGNED),
        (lambda sent: query(sent) + "&sign=" + sent["sign"], "a parameter was sent twice"),
        (lambda sent: query(sent) + "&hash=b", "a parameter was sent twice"),
        (lambda sent: query(sent) + "&h%61sh=b", "a parameter was sent twice"),
        (lambda sent: query(sent) + "&group_id[]=5", "parameter (another) is not what VK sends"),
        (lambda sent: query(sent) + "&group.id=5", "parameter (another) is not what VK sends"),
        (lambda sent: query(sent) + "&%F0%9F%98%80=5", "parameter (another) is not what VK sends"),
        (lambda sent: query(sent) + "&a=%00", "parameter (another) is not what VK sends"),
        (lambda sent: query(sent) + "&hash2=%FF", "the launch cannot be read"),
        (lambda sent: query(sent) + "&a=" * 100, "the launch cannot be read"),
        (lambda sent: query(sent) + "&hash2=" + "a" * 140_000, "the launch is too long"),
        (lambda sent: query(sent) + "&other=" + "a" * 5000, "parameter (another) is not what VK sends"),
    ],
)
def test_what_is_no_launch(form: str, change: Callable[[Sent], Any], reason: str | None) -> None:
    told = refusal(change(FORMS[form]()))
    assert reason in (told, None)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("api_url", "https://api.vk.ru/api.php", "javascript:alert(1)"),
        ("api_settings", "0", "-1"),
        ("viewer_type", "0", "5"),
        ("user_id", "0", "1_2"),
        ("sid", "", "a b"),
        ("secret", "0a", "<"),
        ("access_token", "vk1.a.b_C-d", "a/b"),
        ("is_app_user", "", "2"),
        ("is_secure", "1", "true"),
        ("is_favorite", "0", "yes"),
        ("auth_key", "0" * 32, "A" * 32),
        ("language", "777", "ru"),
        ("parent_language", "-1", "1.5"),
        ("stats_hash", "", "xyz"),
        ("lc_name", "0f", "0F"),
        ("ads_app_id", "", "1"),
        ("referrer", "wall_post_inline", "a&b"),
        ("platform", "html5_mobile", "<b>"),
        ("sign", "0" * 64, "0" * 63),
        ("sign_keys", "api_id,viewer_id", "api_id,"),
        ("timestamp", str(NOW), "999999999"),
        ("vk_viewer_group_role", "moder", "owner"),
        ("vk_access_token_settings", "friends,photos", "friends photos"),
        ("of_another_year", "any text", "\x1b[0m"),
    ],
)
def test_what_parameters_look_like(name: str, good: str, bad: str) -> None:
    assert launch_parameters(query({name: good}).encode()) == {name: good}
    with pytest.raises(LaunchRefused, match="is not what VK sends"):
        launch_parameters(query({name: bad}).encode())


@pytest.mark.parametrize("form", FORMS)
def test_only_this_app_in_this_community_with_this_key(form: str) -> None:
    sent = FORMS[form]()
    assert refusal(sent, App(APP, GROUP, "another secret")) == NOT_SIGNED
    assert refusal(sent, App(APP + 1, GROUP, SECRET)) == "the launch is one of another app"
    assert refusal(sent, App(APP, GROUP + 1, SECRET)) == "the app was not opened in the community of this site"
    assert refusal(FORMS[form](secret="of another site")) == NOT_SIGNED


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "value", ["٥", "５", "5\n", " 5", "+5", "05", "5.0", "5e0", "-5", "5\u200b", "5%00", "", "9" * 40, "0x5", "5,6"]
)
def test_numbers_are_ascii_digits(form: str, value: str) -> None:
    name = "vk_group_id" if form == "mini" else "group_id"
    assert refusal(FORMS[form](**{name: value}))


@pytest.mark.parametrize(("name", "form"), [("timestamp", "concatenated"), ("timestamp", "named"), ("vk_ts", "mini")])
def test_a_launch_grows_stale(name: str, form: str) -> None:
    def at(moment: int) -> Sent:
        return FORMS[form](**{name: moment})

    for moment in (NOW - 600, NOW, NOW + 60):
        assert launched(at(moment)).viewer == 1
    for moment in (NOW - 601, NOW + 61, NOW * 1000 // 1001):
        assert refusal(at(moment)) == OLD
    for written in (1, -NOW, f"{NOW}0", f"{NOW}.5"):
        assert "is not what VK sends" in refusal(FORMS[form](**{name: written}))


def moved(sent: Sent, source: str, target: str, count: int) -> Sent:
    """Move the first characters of a parameter to the end of the one before it: the concatenation stays the same."""
    return {**sent, target: sent[target] + sent[source][:count], source: sent[source][count:]}


def test_characters_moved_between_parameters_make_nobody_somebody_else() -> None:
    """Viewer 16 moves the 6 of `viewer_id` into what follows, to be viewer 1: the values still are signed."""
    sent = concatenated(viewer_id=16, viewer_type=None, sid="6" + "a" * 61)
    forged = {**sent, "viewer_id": "1", "sid": "6" + sent["sid"]}
    assert hex_sign("".join(value for name, value in forged.items() if name not in ("hash", "sign"))) == forged["sign"]
    assert refusal(forged) == NOT_SIGNED
    # nor with the key of the viewer he wants to be, which he does not know, in place of his own
    assert refusal({**forged, "auth_key": auth_key(1, secret="guess")}) == NOT_SIGNED
    app = moved(concatenated(api_settings=9), "api_settings", "api_id", 1)
    assert refusal(app)


def test_renamed_parameters_make_nobody_somebody_else() -> None:
    """`user_id` comes in the place of `viewer_id`: the values, and so the signature, stay the same."""
    sent = concatenated(viewer_id=16, user_id=1)
    renamed = {{"viewer_id": "user_id", "user_id": "viewer_id"}.get(name, name): value for name, value in sent.items()}
    assert hex_sign("".join(v for n, v in renamed.items() if n not in ("hash", "sign"))) == sent["sign"]
    assert refusal(renamed) == NOT_SIGNED
    named_sent = named(viewer_id=16, user_id=1)
    keys = named_sent["sign_keys"].replace("viewer_id", "x").replace("user_id", "viewer_id").replace("x", "user_id")
    swapped = {**named_sent, "viewer_id": "1", "user_id": "16", "sign_keys": keys}
    assert signatures.is_signed(swapped, SECRET)
    assert refusal(swapped) == NOT_SIGNED


def test_reordered_parameters_are_not_signed_by_the_first_form_and_are_by_the_others() -> None:
    def backwards(sent: Sent) -> Sent:
        return dict(reversed(sent.items()))

    assert refusal(backwards(concatenated())) == NOT_SIGNED
    assert launched(backwards(named())) == launched(named())
    assert launched(backwards(mini())) == launched(mini())


def test_sign_keys_have_to_name_what_counts() -> None:
    few = "api_id,viewer_id,group_id"
    assert refusal(named(keys=few)) == NOT_SIGNED  # api_settings and viewer_type were sent, too
    assert launched(named(keys=few, api_settings=None, viewer_type=None)).rights is None
    assert refusal(named(keys=few, api_settings=None, viewer_type=None, timestamp=NOW)) == NOT_SIGNED
    usual = named()["sign_keys"]
    assert refusal(named(keys=f"{usual},api_id")) == NOT_SIGNED  # twice
    assert refusal(named(keys=f"{usual},not_sent")) == NOT_SIGNED
    assert refusal(named(keys=f"{usual},")) == "parameter sign_keys is not what VK sends"
    assert refusal(named(keys="sign")) == NOT_SIGNED


def test_a_signature_of_one_form_is_none_of_another() -> None:
    first, second, third = concatenated(), named(), mini()
    assert refusal({**first, "sign_keys": second["sign_keys"]}) == NOT_SIGNED
    assert refusal({name: value for name, value in second.items() if name != "sign_keys"}) == NOT_SIGNED
    assert refusal({**third, **first}) == "the launch has two forms at once"
    assert refusal({**first, "vk_user_id": "1"}) == "the launch has no vk_app_id"
    assert refusal({**third, "viewer_type": "4"}) == "the launch has two forms at once"


def test_the_last_character_of_base64_has_one_spelling() -> None:
    """Two bits of it stand for nothing; a decoder would take four characters for the same signature."""
    sent = mini()
    for last in set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") - {sent["sign"][-1]}:
        assert refusal({**sent, "sign": sent["sign"][:-1] + last}) == NOT_SIGNED


def test_values_are_signed_as_they_were_meant() -> None:
    """`vk_ref=x&vk_user_id=6` in one value is not two parameters."""
    assert launched(mini(vk_ref="a b/ü+&=%")).viewer == 1
    inner = mini(vk_ref="x&vk_user_id=6")
    assert launched(inner).viewer == 1
    split = query(inner).replace("x%26vk_user_id%3D6", "x&vk_user_id=6")
    assert refusal(split) == "a parameter was sent twice"


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_other_cut_of_what_is_signed_lets_anybody_else_in(data: st.DataObject) -> None:
    """Whatever an attacker does with the values of a launch of his, he stays himself, and uses the same signature."""
    sent = concatenated(viewer_id=16, user_id=1, group_id=GROUP)
    names = data.draw(st.permutations([name for name in sent if name not in ("sign", "hash")]))
    signed = "".join(value for name, value in sent.items() if name not in ("sign", "hash"))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(signed)), min_size=len(names) - 1, max_size=len(names) - 1)))
    values = [signed[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(signed)], strict=True)]
    forged = {**dict(zip(names, values, strict=True)), "sign": sent["sign"]}
    assert signatures.is_signed(forged, SECRET)
    try:
        found = launched(forged)
    except LaunchRefused:
        return
    assert (found.viewer, found.sign, found.until) == (16, sent["sign"], None)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(FORMS)), st.data())
def test_no_change_of_a_launch_makes_it_another(form: str, data: st.DataObject) -> None:
    """A character more, less or another, anywhere: refused, or who and where stay the same, and the signature, too."""
    raw = query(FORMS[form](hash="", viewer_type=None))
    place = data.draw(st.integers(0, len(raw) - 1))
    other = data.draw(st.sampled_from(["", *"0123456789abcdef&=%_-+,AZ."]))
    rest = place + data.draw(st.integers(0, 1))
    right = launched(raw)
    try:
        found = launched(raw[:place] + other + raw[rest:])
    except LaunchRefused:
        return
    assert (found.viewer, found.role, found.sign, found.until) == (right.viewer, right.role, right.sign, right.until)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        sent = launch_parameters(raw)
        verified(sent, OURS, NOW, 600)
    except LaunchRefused:
        return
    raise AssertionError("nobody has signed that")


def test_nothing_of_a_launch_is_shown() -> None:
    sent = concatenated(access_token="to-look-for", api_result="to-look-for", viewer_type=7)
    assert "to-look-for" not in refusal(sent)
    shown = repr(launched(concatenated(access_token="to-look-for", api_result="to-look-for"))) + repr(OURS)
    for secret in ("to-look-for", concatenated()["sign"], SECRET):
        assert secret not in shown
