"""Where settings come from, which one counts, and the line for each way to get them wrong."""

import multiprocessing
import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from userapi_gw.settings import (
    ClientRule,
    Community,
    Settings,
    SettingsError,
    Site,
)
from userapi_gw.settings.checks import split_bind
from userapi_gw.settings.notify import DevinoTemplate
from userapi_gw.settings.sources import load_settings, option

SECRET = "do-not-show-this-value"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test stands in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str, name: str = "some.toml") -> Path:
    Path(name).write_text(text, encoding="utf-8")
    return Path(name)


def fault(cli: dict[str, str] | None = None, toml: str | None = None, environ: dict[str, str] | None = None) -> str:
    """The error line for these settings."""
    with pytest.raises(SettingsError) as caught:
        load_settings(cli or {}, None if toml is None else write(toml), environ or {})
    return str(caught.value)


def test_defaults() -> None:
    loaded = load_settings({}, None, {})
    assert loaded.settings.model_dump() == {
        "backend": "embedded",
        "backend_url": "",
        "oauth_url": "",
        "vk_client_id": "",
        "vk_client_secret": None,
        "sites": {
            1: {"url": "self", "dialect": None, "options": {}, "community": None},
            2: {"url": "http://durov.ru", "dialect": None, "options": {}, "community": None},
        },
        "dialect": "2009",
        "clients": (),
        "data_dir": Path("userapi-gw-data"),
        "media_hosts": ("*.userapi.com",),
        "picture_cache_megabytes": 256,
        "database_url": "sqlite:///userapi-gw-data/gateway.sqlite3",
        "secret_key": None,
        "playback": "",
        "on_miss": "fail",
        "shadow": "",
        "sample": 1.0,
        "shadow_writes": False,
        "bind": "127.0.0.1:8080",
        "workers": 1,
        "threads": 16,
        "refresh_seconds": 3.0,
        "snapshot_seconds": 300.0,
        "snapshot_friends_per_refresh": 5,
        "live_pollers": 200,
        "live_idle_seconds": 60.0,
        "live_refresh_seconds": 60.0,
        "live_lease_seconds": 5.0,
        "looks_per_second": 20.0,
        "cache_seconds": 3.0,
        "session_days": 30,
        "login_failures": 5,
        "login_pause_seconds": 60,
        "unlocked_days": 30,
        "limits": {
            "default": "60/60",
            "add_wall": "20/60",
            "add_message": "60/60",
            "add_photos_comments": "20/60",
            "add_friend": "40/3600",
            "captcha": "300/600",
            "register": "20/3600",
            "upload": "200/3600",
        },
        "banned_emails": (),
        "public_url": "http://127.0.0.1:8080",
        "smtp_url": None,
        "mail_from": "userapi-gw@localhost",
        "notify_channels": ("community", "devino", "email"),
        "notify_worker": True,
        "notify_window_seconds": 120.0,
        "notify_pause_seconds": 3600.0,
        "notify_away_seconds": 300.0,
        "devino": None,
        "backend_timeout_seconds": 10.0,
        "request_seconds": 15.0,
        "stale_seconds": 300.0,
        "calls_per_second": 0,
        "flood_pause_seconds": 60.0,
        "forward_client_address": False,
        "launch_seconds": 600,
        "frame_ancestors": ("https://vk.com", "https://m.vk.com", "https://vk.ru", "https://m.vk.ru"),
        "callback_queue": 10_000,
        "vk_script": "",
        "log_level": "warning",
    }
    assert loaded.sources == dict.fromkeys(Settings.model_fields, "default")


def test_command_line_counts_before_environment_before_file_before_default() -> None:
    path = write("workers = 2\nthreads = 2\nsession_days = 2")
    environ = {"USERAPI_GW_WORKERS": "3", "USERAPI_GW_THREADS": "3", "HOME": "/"}
    loaded = load_settings({"workers": "4", "bind": None}, path, environ)
    assert loaded.settings == Settings(workers=4, threads=3, session_days=2)
    assert {name: source for name, source in loaded.sources.items() if source != "default"} == {
        "workers": "command line --workers",
        "threads": "environment USERAPI_GW_THREADS",
        "session_days": "file some.toml",
    }


def test_settings_made_directly_do_not_look_at_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USERAPI_GW_THREADS", "3")
    assert Settings().threads == 16
    assert load_settings({}, None).settings.threads == 3


def test_every_setting_has_a_help_text_and_an_option() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
    assert option("backend_timeout_seconds") == "--backend-timeout-seconds"


DEFAULT_SITES = {1: Site(url="self"), 2: Site(url="http://durov.ru")}


def test_sites_and_clients_from_the_file() -> None:
    path = write(
        """
        [sites.2]
        url = "self"
        [sites.7]
        url = "https://Example.org/network/"
        dialect = "2008"
        options = { compact = true }
        [[clients]]
        user_agent = "qutIM"
        options = { privacy_allowed = 1, stale_h = "version" }
        """
    )
    settings = load_settings({}, path, {}).settings
    assert settings.sites == {
        1: Site(url="self"),  # the embedded backend's own, here beside another site 2
        2: Site(url="self"),
        7: Site(url="https://example.org/network", dialect="2008", options={"compact": True}),
    }
    assert settings.clients == (ClientRule(user_agent="qutIM", options={"privacy_allowed": 1, "stale_h": "version"}),)


def test_sites_and_clients_from_the_environment() -> None:
    environ = {
        "USERAPI_GW_SITES": '{"5": {"url": "http://127.0.0.1:8080/"}}',
        "USERAPI_GW_CLIENTS": '[{"user_agent": "Ruby", "dialect": "2008"}]',
    }
    settings = load_settings({}, None, environ).settings
    assert settings.sites == DEFAULT_SITES | {5: Site(url="http://127.0.0.1:8080")}
    assert settings.clients == (ClientRule(user_agent="Ruby", dialect="2008"),)


@pytest.mark.parametrize(
    ("given", "backend_url", "sites"),
    [
        ({"backend": "vk"}, "https://api.vk.com", {}),
        ({"backend": "vk", "backend_url": "http://proxy.example/vk/"}, "http://proxy.example/vk", {}),
        ({"backend": "openvk", "backend_url": "https://ovk.example/"}, "https://ovk.example", {}),
    ],
)
def test_other_backends_have_an_address_and_only_the_sites_given(
    given: dict[str, str], backend_url: str, sites: dict[int, Site]
) -> None:
    settings = load_settings(given, None, {}).settings
    assert (settings.backend_url, settings.sites) == (backend_url, sites)


VK_PLACES = ("*.userapi.com", "*.vkuserphoto.ru", "*.vkuser.net", "*.vk.com", "*.vk.ru", "*.vk.me", "vk.com")


@pytest.mark.parametrize(
    ("given", "hosts"),
    [
        ({"backend": "vk"}, ("api.vk.com", "*.api.vk.com", *VK_PLACES)),
        ({"backend": "openvk", "backend_url": "https://Ovk.example/"}, ("ovk.example", "*.ovk.example")),
        (
            {"backend": "openvk", "backend_url": "http://ovk.example:81/x"},
            ("ovk.example:81", "*.ovk.example:81"),
        ),
        ({"backend": "openvk", "backend_url": "http://127.0.0.1:81"}, ("127.0.0.1:81",)),
        ({"backend": "openvk", "backend_url": "http://[::1]"}, ("[::1]",)),
        (
            {"backend": "openvk", "backend_url": "http://a", "media_hosts": '["*.Cdn.example", "b:8"]'},
            ("*.cdn.example", "b:8"),
        ),
    ],
)
def test_media_hosts_are_those_of_the_backend_unless_given(given: dict[str, str], hosts: tuple[str, ...]) -> None:
    environ = {f"USERAPI_GW_{name.upper()}": value for name, value in given.items()}
    assert load_settings({}, None, environ).settings.media_hosts == hosts


def test_the_files_lie_in_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/pavel")
    settings = Settings(data_dir=Path("~/gateway"))
    assert settings.data_dir == Path("/home/pavel/gateway")
    assert settings.database_url == "sqlite:////home/pavel/gateway/gateway.sqlite3"
    assert settings.embedded_database == Path("/home/pavel/gateway/embedded.sqlite3")
    assert Settings(database_url="postgresql://h/db").database_url == "postgresql://h/db"


def test_the_file_is_the_one_named_or_the_one_in_the_folder() -> None:
    named, in_environment = write("threads = 1", "named.toml"), write("threads = 2", "environment.toml")
    write("threads = 3", "userapi-gw.toml")
    environ = {"USERAPI_GW_CONFIG": str(in_environment)}
    assert [
        load_settings({}, named, environ).settings.threads,
        load_settings({}, None, environ).settings.threads,
        load_settings({}, None, {}).settings.threads,
    ] == [1, 2, 3]


@pytest.mark.parametrize(
    ("bind", "parts"),
    [
        ("127.0.0.1:8080", ("127.0.0.1", 8080)),
        ("gateway.example:0", ("gateway.example", 0)),
        ("[::1]:65535", ("::1", 65535)),
    ],
)
def test_bind_is_split(bind: str, parts: tuple[str, int]) -> None:
    assert split_bind(bind) == parts


BAD_BIND = "write host:port, such as 127.0.0.1:8080 or [::1]:8080"


@pytest.mark.parametrize(
    ("cli", "line"),
    [
        ({"bind": "8080"}, f"bind (command line --bind): {BAD_BIND}"),
        ({"bind": ":8080"}, f"bind (command line --bind): {BAD_BIND}"),
        ({"bind": "::1:8080"}, f"bind (command line --bind): {BAD_BIND}"),
        ({"bind": "localhost:65536"}, f"bind (command line --bind): {BAD_BIND}"),
        ({"bind": "localhost:80\n"}, f"bind (command line --bind): {BAD_BIND}"),
        ({"backend": "vkk"}, "backend (command line --backend): Input should be 'embedded', 'openvk' or 'vk'"),
        ({"backend": "openvk"}, "backend_url (default): needed when the backend is openvk"),
        (
            {"backend": "vk", "backend_url": "api.vk.com"},
            "backend_url (command line --backend-url): Input should be a valid URL, relative URL without a base",
        ),
        ({"dialect": "2010"}, "dialect (command line --dialect): Input should be '2008' or '2009'"),
        ({"workers": "0"}, "workers (command line --workers): Input should be greater than or equal to 1"),
        (
            {"threads": "many"},
            "threads (command line --threads): Input should be a valid integer, unable to parse string as an integer",
        ),
        (
            {"backend_timeout_seconds": "nan"},
            "backend_timeout_seconds (command line --backend-timeout-seconds): Input should be a finite number",
        ),
    ],
)
def test_wrong_values_on_the_command_line(cli: dict[str, str], line: str) -> None:
    assert fault(cli) == line


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("SITES", "{1", "sites ({}): not JSON: Expecting property name enclosed in double quotes (column 2)"),
        ("SITES", "[]", "sites ({}): Input should be a valid dictionary"),
        ("SITES", '{"0": {"url": "self"}}', "sites.0.[key] ({}): Input should be greater than 0"),
        ("SITES", '{"1": {}}', "sites.1.url ({}): Field required"),
        ("SITES", '{"1": {"url": "ftp://a"}}', "sites.1.url ({}): URL scheme should be 'http' or 'https'"),
        ("SITES", '{"1": {"url": "http://a/?b"}}', "sites.1.url ({}): an address without ? and # is needed"),
        ("SITES", '{"1": {"url": "http://a/#b"}}', "sites.1.url ({}): an address without ? and # is needed"),
        (
            "SITES",
            '{"1": {"url": "http://a:do-not-show-this-value@b"}}',
            "sites.1.url ({}): an address without user name and password is needed",
        ),
        ("MEDIA_HOSTS", '["*"]', "media_hosts.0 ({}): write host, host:port or *.host"),
        ("FRAME_ANCESTORS", '["*"]', "frame_ancestors.0 ({}): write https://host, https://*.host or http://host:port"),
        (
            "FRAME_ANCESTORS",
            '["https://a/b"]',
            "frame_ancestors.0 ({}): write https://host, https://*.host or http://host:port",
        ),
        ("VK_SCRIPT", "//vk.com/a.js", "vk_script ({}): Input should be a valid URL, relative URL without a base"),
        ("LAUNCH_SECONDS", "0", "launch_seconds ({}): Input should be greater than or equal to 1"),
        ("MEDIA_HOSTS", '["http://a"]', "media_hosts.0 ({}): write host, host:port or *.host"),
        ("CLIENTS", '[{"user_agent": ""}]', "clients.0.user_agent ({}): String should have at least 1 character"),
        ("LIMITS", '{"add_wall": "20"}', "limits ({}): add_wall: write count/seconds, such as 20/60, or off"),
        ("LIMITS", '{"add_wall": "0/60"}', "limits ({}): add_wall: write count/seconds, such as 20/60, or off"),
        ("LIMITS", '{"add_wall": 20}', "limits.add_wall ({}): Input should be a valid string"),
        ("LIMITS", "20/60", "limits ({}): not JSON: Extra data (column 3)"),
        ("BANNED_EMAILS", '"*"', "banned_emails ({}): Input should be a valid tuple"),
        ("PUBLIC_URL", "gateway", "public_url ({}): Input should be a valid URL, relative URL without a base"),
        (
            "SMTP_URL",
            "http://me:do-not-show-this-value@host",
            "smtp_url ({}): write smtp://user:password@host:587 or smtps://user:password@host",
        ),
        (
            "SMTP_URL",
            "smtp://me:do-not-show-this-value@host:port",
            "smtp_url ({}): write smtp://user:password@host:587 or smtps://user:password@host",
        ),
        ("MAIL_FROM", "me\n@host", "mail_from ({}): write an e-mail address, such as network@example.org"),
        ("SECRET_KEY", "hunter2", "secret_key ({}): Value should have at least 16 items after validation, not 7"),
        ("DATABASE_URL", "sqlite://", "database_url ({}): a database in memory would forget everybody; name a file"),
        (
            "DATABASE_URL",
            "postgresql://me:do-not-show-this-value:1@host:port/name",
            "database_url ({}): not a database URL such as sqlite:///FILE or postgresql://USER@HOST/NAME",
        ),
        (
            "DATABASE_URL",
            "mysql://me:do-not-show-this-value@host/name",
            "database_url ({}): neither sqlite:///FILE nor postgresql://USER@HOST/NAME",
        ),
        (
            "DATABASE_URL",
            "postgresql://me:half@do-not-show-this-value@host/name",
            "database_url ({}): write an @ in the password as %40",
        ),
        (
            "DATABASE_URL",
            "postgres://me:half@do-not/show-this-value@host/name",
            "database_url ({}): write an @ in the password as %40",
        ),
    ],
)
def test_wrong_values_in_the_environment(name: str, value: str, line: str) -> None:
    variable = f"USERAPI_GW_{name}"
    assert fault(environ={variable: value}) == line.replace("{}", f"environment {variable}")


def test_an_unknown_variable() -> None:
    expected = "environment: unknown variable 'USERAPI_GW_BNID', did you mean 'USERAPI_GW_BIND'?"
    assert fault(environ={"USERAPI_GW_BNID": SECRET}) == expected


@pytest.mark.parametrize(
    ("toml", "line"),
    [
        ('bnid = "x"', "file some.toml: unknown setting 'bnid', did you mean 'bind'?"),
        ("zzzzzzz = 1", "file some.toml: unknown setting 'zzzzzzz'"),
        (
            '[sites.1]\nurl = "self"\ndialct = "2008"',
            "sites.1 (file some.toml): unknown key 'dialct', did you mean 'dialect'?",
        ),
        (
            '[[clients]]\nuser_agnet = "x"',
            "clients.0 (file some.toml): unknown key 'user_agnet', did you mean 'user_agent'?",
        ),
        (
            '[sites.1]\nurl = "self"\n[sites.1.community]\ngrup = 5',
            "sites.1.community (file some.toml): unknown key 'grup', did you mean 'group'?",
        ),
        (
            '[sites.1]\nurl = "self"\n[sites.1.community]\ngroup = 5\napp = 7',
            "sites.1.community (file some.toml): app and app_secret belong together",
        ),
        (
            '[sites.1]\nurl = "self"\noptions = { compakt = true }',
            "sites.1.options (file some.toml): unknown wire option 'compakt', did you mean 'compact'?",
        ),
        (
            '[sites.1]\nurl = "self"\noptions = { compact = "no" }',
            "sites.1.options (file some.toml): compact: Input should be a valid boolean",
        ),
        (
            '[sites.1]\nurl = "self"\noptions = { stale_h = "true" }',
            "sites.1.options (file some.toml): stale_h: Input should be 'false' or 'version'",
        ),
        ("bind = 8080", "bind (file some.toml): Input should be a valid string"),
        ("bind = x", "config: some.toml is not a TOML file: Invalid value (at line 1, column 8)"),
    ],
)
def test_wrong_values_in_the_file(toml: str, line: str) -> None:
    assert fault(toml=toml) == line


def test_a_file_that_cannot_be_read() -> None:
    Path("binary.toml").write_bytes(b'bind = "\xff"')
    with pytest.raises(SettingsError, match=r"^config: binary\.toml is not a TOML file: invalid start byte$"):
        load_settings({}, Path("binary.toml"), {})
    with pytest.raises(SettingsError, match=r"^config: cannot read no\.toml: No such file or directory$"):
        load_settings({}, Path("no.toml"), {})
    with pytest.raises(SettingsError, match=r"^config: cannot read also-no\.toml: No such file or directory$"):
        load_settings({}, None, {"USERAPI_GW_CONFIG": "also-no.toml"})


def test_secrets_are_not_shown() -> None:
    url = f"postgresql://me:{SECRET}@host/name?password={SECRET}"
    settings = Settings(secret_key=SecretStr(SECRET), database_url=url, smtp_url=SecretStr(f"smtp://me:{SECRET}@host"))
    shown = settings.shown()
    assert shown["smtp_url"] == "********"
    assert (shown["secret_key"], shown["database_url"]) == ("********", "postgresql://me:***@host/name?********")
    assert SECRET not in repr(settings) + str(settings) + str(shown)
    assert settings.load_secret_key() == SECRET


def test_a_backend_of_ones_own_may_frame_the_app() -> None:
    environ = {"USERAPI_GW_BACKEND": "openvk", "USERAPI_GW_BACKEND_URL": "https://ovk.example:8443/sub"}
    assert load_settings({}, None, environ).settings.frame_ancestors[-2:] == (
        *("https://m.vk.ru", "https://ovk.example:8443"),
    )
    environ["USERAPI_GW_FRAME_ANCESTORS"] = '["https://*.Ovk.example"]'
    assert load_settings({}, None, environ).settings.frame_ancestors == ("https://*.ovk.example",)


def test_secrets_of_a_community_are_not_shown() -> None:
    path = write(
        f"""
        [sites.7]
        url = "https://example.org"
        [sites.7.community]
        group = 5
        token = "{SECRET}"
        callback_secret = "{SECRET}"
        app = 77
        app_secret = "{SECRET}"
        """
    )
    settings = load_settings({}, path, {}).settings
    secrets = {name: SecretStr(SECRET) for name in ("token", "callback_secret", "app_secret")}
    assert settings.sites[7].community == Community(group=5, app=77, **secrets)
    assert SECRET not in settings.shown()["sites"] + repr(settings)


DEVINO = f"""
[devino]
url = "https://devino.example"
key = "{SECRET}"
service = "Group_name"
callback_secret = "{SECRET}"
[devino.templates.message]
id = 4
"""


def test_secrets_of_devino_are_not_shown() -> None:
    settings = load_settings({}, write(DEVINO), {}).settings
    assert settings.devino is not None
    assert settings.devino.key.get_secret_value() == SECRET
    assert settings.devino.templates == {"message": DevinoTemplate(id=4)}
    assert SECRET not in settings.shown()["devino"] + repr(settings)


@pytest.mark.parametrize(
    ("line", "wrong", "fault"),
    [
        ('url = "https://devino.example"', 'url = "devino"', "devino.url"),
        (f'key = "{SECRET}"', 'key = ""', "devino.key"),
        (f'key = "{SECRET}"', 'key = "a\\nb"', "key: only letters, digits and signs can be sent"),
        (f'callback_secret = "{SECRET}"', 'callback_secret = "short"', "callback_secret: 16 letters"),
        (f'callback_secret = "{SECRET}"', f'callback_secret = "{SECRET}/x?y"', "callback_secret: 16 letters"),
        (f'callback_secret = "{SECRET}"', "ttl = 59", "devino.ttl"),
        (f'callback_secret = "{SECRET}"', "per_second = 0", "devino.per_second"),
        (f'callback_secret = "{SECRET}"', 'routes = ["SMS"]', "devino.routes.0"),
        (f'callback_secret = "{SECRET}"', 'secret = "x"', "unknown key 'secret'"),
        ("id = 4", "", "write id, name or both"),
        ("[devino.templates.message]", "[devino.templates.messages]", "devino.templates.messages"),
    ],
)
def test_what_is_no_devino_account(line: str, wrong: str, fault: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings({}, write(DEVINO.replace(line, wrong)), {})
    text = str(raised.value)
    assert fault in text
    assert SECRET not in text
    assert "\n" not in text


def test_everything_else_is_shown_as_text() -> None:
    shown = Settings(backend="vk", sites={3: Site(url="self")}, threads=2).shown()
    assert list(shown) == list(Settings.model_fields)
    assert shown["smtp_url"] == "(mails are kept, see userapi-gw outbox)"
    assert (shown["sites"], shown["threads"], shown["secret_key"]) == (
        '{"3": {"dialect": null, "options": {}, "url": "self", "community": null}}',
        "2",
        "(kept in userapi-gw-data/secret_key)",
    )


def test_the_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "a" / "b")
    key = settings.load_secret_key()
    path = settings.data_dir / "secret_key"
    assert len(key) == 64
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == (key + "\n", 0o600)
    assert stat.S_IMODE(settings.data_dir.stat().st_mode) == 0o700
    assert list(settings.data_dir.iterdir()) == [path]
    assert settings.load_secret_key() == key
    assert Settings(data_dir=tmp_path / "other").load_secret_key() != key


def test_limits_given_lie_over_the_others() -> None:
    limits = load_settings({}, write('[limits]\nadd_wall = "off"\ndel_wall = "3/10"'), {}).settings.limits
    assert limits == {
        "default": "60/60",
        "add_wall": "off",
        "add_message": "60/60",
        "add_photos_comments": "20/60",
        "add_friend": "40/3600",
        "captcha": "300/600",
        "register": "20/3600",
        "upload": "200/3600",
        "del_wall": "3/10",
    }


@pytest.mark.parametrize(
    ("bind", "url"),
    [("0.0.0.0:80", "http://127.0.0.1"), ("[::]:81", "http://[::1]:81"), ("10.0.0.0:81", "http://10.0.0.0:81")],
)
def test_the_public_address_is_where_the_gateway_listens(bind: str, url: str) -> None:
    assert Settings(bind=bind).public_url == url


def test_two_starters_agree_on_the_secret_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        for round_ in range(5):
            settings = Settings(data_dir=tmp_path / str(round_))
            assert len(set(pool.map(Settings.load_secret_key, [settings] * 3, chunksize=1))) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_secret_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    settings = Settings(data_dir=tmp_path)
    settings.load_secret_key()
    path = tmp_path / "secret_key"
    path.chmod(mode)
    with pytest.raises(SettingsError) as caught:
        settings.load_secret_key()
    assert str(caught.value) == f"secret_key: others may read {path} (mode {mode:04o}); run: chmod 600 {path}"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "secret_key: {} holds no key; remove it and a new one is made"),
        (b"\xff" * 64, "secret_key: cannot use {}: not a text file"),
    ],
)
def test_a_damaged_secret_key_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "secret_key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(SettingsError) as caught:
        Settings(data_dir=tmp_path).load_secret_key()
    assert str(caught.value) == reason.replace("{}", str(path))


def test_a_data_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path, reason in [(tmp_path / "file", "File exists"), (tmp_path / "file" / "in", "Not a directory")]:
        with pytest.raises(SettingsError) as caught:
            Settings(data_dir=path).prepare_data_dir()
        assert str(caught.value) == f"data_dir: cannot write in {path}: {reason}"


@pytest.mark.parametrize(
    ("given", "oauth_url"),
    [
        ({"backend": "vk"}, "https://oauth.vk.com"),
        ({"backend": "vk", "backend_url": "https://api.vk.ru/"}, "https://oauth.vk.ru"),
        ({"backend": "vk", "backend_url": "http://like-vk.example"}, ""),
        ({"backend": "openvk", "backend_url": "http://ovk.example"}, ""),
        ({"backend": "vk", "oauth_url": "https://elsewhere.example/"}, "https://elsewhere.example"),
    ],
)
def test_where_passwords_go(given: dict[str, str], oauth_url: str) -> None:
    assert Settings.model_validate(given).oauth_url == oauth_url


def test_the_applications_secret_is_not_shown() -> None:
    settings = Settings(vk_client_secret=SecretStr(SECRET))
    assert settings.shown()["vk_client_secret"] == "********"
    assert SECRET not in repr(settings)
    assert Settings().shown()["vk_client_secret"] == ""
