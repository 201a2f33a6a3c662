"""The one table of settings: names, types, limits, help texts, and where each value came from.

A value is looked for on the command line, then in the environment (`USERAPI_GW_` and the name in capitals; tables and
lists as JSON), then in a TOML file, then the default counts. Anything wrong is told in one line by `SettingsError`.
"""

import difflib
import json
import tempfile
import typing
from collections.abc import Iterable
from pathlib import Path
from secrets import token_hex
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PositiveInt,
    SecretStr,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from userapi_gw.dialect import OPTION_NAMES, Dialect
from userapi_gw.notify.mailer import mail_address, mail_server
from userapi_gw.private_file import read_or_create
from userapi_gw.rates import complete
from userapi_gw.settings_checks import bind_address, is_address, media_host, web_url

ENV_PREFIX = "USERAPI_GW_"
VK_API = "https://api.vk.com"
VK_OAUTH = {VK_API: "https://oauth.vk.com", "https://api.vk.ru": "https://oauth.vk.ru"}
"""Where VK takes passwords, by the address of its API."""
VK_CALLS_PER_SECOND = 3
VK_MEDIA = ("*.userapi.com", "*.vkuserphoto.ru", "*.vkuser.net", "*.vk.com", "*.vk.ru", "*.vk.me", "vk.com")
EMBEDDED_MEDIA = ("*.userapi.com",)
"""Where VK, and the world of the documentation, have their pictures."""
SELF = "self"
HIDDEN = "********"

_OPTION_TYPES = {name: TypeAdapter[Any](hint) for name, hint in typing.get_type_hints(Dialect).items()}

DialectName = Literal["2008", "2009"]


class SettingsError(Exception):
    """Something is wrong with the settings; the text is one line for the operator and holds no secret."""


def _site_url(text: str) -> str:
    return text if text == SELF else web_url(text)


def unknown_name(what: str, name: str, known: Iterable[str]) -> str:
    """Return what to tell about a name that does not exist, with the nearest one that does."""
    nearest = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"unknown {what} {name!r}" + (f", did you mean {nearest[0]!r}?" if nearest else "")


class WireChoice(BaseModel):
    """How answers are spelled for somebody: a named dialect (None: the general one) and single options over it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dialect: DialectName | None = None
    options: dict[str, Any] = {}

    @field_validator("options")
    @classmethod
    def _check_options(cls, options: dict[str, Any]) -> dict[str, Any]:
        for name, value in options.items():
            if name not in OPTION_NAMES:
                raise ValueError(unknown_name("wire option", name, OPTION_NAMES))
            try:
                _OPTION_TYPES[name].validate_python(value, strict=True)
            except ValidationError as error:
                raise ValueError(f"{name}: {error.errors(include_input=False)[0]['msg']}") from None
        return options


class Site(WireChoice):
    """A network that old programs log in to: where the login sends them back, and how to answer them."""

    url: Annotated[str, AfterValidator(_site_url)]


class ClientRule(WireChoice):
    """How to answer the programs whose User-Agent contains `user_agent`."""

    user_agent: Annotated[str, Field(min_length=1)]


class Settings(BaseSettings):
    """Every setting. Made directly it takes keyword arguments and nothing else; `load_settings` looks around."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix=ENV_PREFIX, enable_decoding=False, allow_inf_nan=False
    )

    backend: Literal["embedded", "openvk", "vk"] = Field(
        default="embedded", description="Where the data live: embedded, openvk or vk."
    )
    backend_url: str = Field(
        default="", description=f"Address of the OpenVK instance or of VK's API (vk: {VK_API} unless given)."
    )
    oauth_url: str = Field(
        default="",
        description=f"Where passwords become tokens ({VK_OAUTH[VK_API]} for VK itself, else backend_url).",
    )
    vk_client_id: str = Field(
        default="", pattern=r"^[0-9]{0,20}$", description="Number of the application registered at VK for this gateway."
    )
    vk_client_secret: SecretStr | None = Field(default=None, description="Secret of that application.")
    sites: dict[PositiveInt, Site] = Field(
        default={},
        description="Sites by id: url (or the word self for the gateway's own address), dialect, options. "
        "The embedded backend always has 1 = self and 2 = http://durov.ru unless these are given otherwise.",
    )
    dialect: DialectName = Field(
        default="2009", description="How answers are spelled: 2009 (live server) or 2008 (document)."
    )
    clients: tuple[ClientRule, ...] = Field(
        default=(), description="Rules for single programs: user_agent (a part of it), dialect, options."
    )
    data_dir: Path = Field(default=Path("userapi-gw-data"), description="Folder for the databases and the secret key.")
    media_hosts: tuple[Annotated[str, AfterValidator(media_host)], ...] = Field(
        default=(),
        description="Hosts that pictures are fetched from and uploads sent to: host, host:port or *.host. "
        "Unless given, those of the backend: its own host and the names below it, for vk those of VK.",
    )
    picture_cache_megabytes: int = Field(
        default=256, ge=1, description="Pictures take at most so much of the disk (data_dir/pictures), in megabytes."
    )
    database_url: str = Field(
        default="",
        repr=False,
        description="Address of the gateway's own database, postgresql://USER:PASSWORD@HOST/NAME or sqlite:///FILE "
        "(gateway.sqlite3 in data_dir unless given).",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="Key for stored tokens and signed values (made once in data_dir/secret_key unless given).",
    )
    bind: Annotated[str, AfterValidator(bind_address)] = Field(
        default="127.0.0.1:8080", description="Address to listen on, host:port; port 0 lets the system choose."
    )
    workers: int = Field(
        default=1, ge=1, le=32, description="Server processes. More than one pays on busy machines only."
    )
    threads: int = Field(default=16, ge=1, le=256, description="Threads in each server process.")
    refresh_seconds: float = Field(
        default=3.0, ge=0, description="A polled list is compared with the backend at most this often, in seconds."
    )
    snapshot_seconds: float = Field(
        default=300.0,
        ge=0,
        description="Where the backend has no feed of friends' news: a friend is looked at for each kind of news at "
        "most this often, in seconds.",
    )
    snapshot_friends_per_refresh: int = Field(
        default=5, ge=1, le=100, description="At most so many calls to the backend are made for that at once."
    )
    live_pollers: int = Field(
        default=200,
        ge=0,
        le=2000,
        description="For so many accounts at once each server process listens to the backend (long poll), so that new "
        "messages are there before a program asks; 0: for none.",
    )
    live_idle_seconds: float = Field(
        default=60.0, gt=0, description="It stops to listen for an account that was not polled for so long, in seconds."
    )
    live_refresh_seconds: float = Field(
        default=60.0,
        ge=0,
        description="A polled mailbox for which it listens is compared at most this often without cause, in seconds.",
    )
    live_lease_seconds: float = Field(
        default=5.0,
        gt=0,
        description="A process without a sign of life for so long is replaced by another one, in seconds.",
    )
    looks_per_second: float = Field(
        default=20.0,
        gt=0,
        description="At most so many polled lists are compared with the backend in a second, by each process.",
    )
    cache_seconds: float = Field(
        default=3.0,
        ge=0,
        description="How long a list without a history may be answered again, unless somebody writes, in seconds.",
    )
    session_days: int = Field(default=30, ge=1, description="A session ends after so many days without use.")
    login_failures: int = Field(
        default=5, ge=1, description="Wrong passwords in a row before logins are refused for a while."
    )
    login_pause_seconds: int = Field(
        default=60, ge=0, description="How long logins without a captcha are refused then, in seconds."
    )
    unlocked_days: int = Field(
        default=30, ge=1, description="Who took a second factor on the page /login needs none again for so many days."
    )
    limits: Annotated[dict[str, str], AfterValidator(complete)] = Field(
        default={},
        description="How often writing acts go without a captcha, as count/seconds or off: an account; an address "
        "ten times as often (captcha and register: just as often).",
    )
    banned_emails: tuple[str, ...] = Field(
        default=(), description="Addresses that may not register, as patterns such as *@spam.example."
    )
    public_url: str = Field(
        default="",
        description="Where people reach the gateway: links in mails to its own site (http:// and bind unless given).",
    )
    smtp_url: Annotated[SecretStr, AfterValidator(mail_server)] | None = Field(
        default=None,
        description="Mail server, smtp://user:password@host:587 or smtps://... "
        "(without one, mails are kept in data_dir/outbox).",
    )
    mail_from: Annotated[str, AfterValidator(mail_address)] = Field(
        default="userapi-gw@localhost", description="Sender of mails."
    )
    backend_timeout_seconds: float = Field(
        default=10.0, gt=0, description="How long to wait for the backend, in seconds."
    )
    request_seconds: float = Field(
        default=15.0, gt=0, description="How long an old program waits for an answer at most, in seconds."
    )
    stale_seconds: float = Field(
        default=300.0,
        ge=0,
        description="While the backend is away, lists are shown as they were up to so many seconds ago.",
    )
    calls_per_second: int | None = Field(
        default=None,
        ge=0,
        le=1000,
        description="How often the backend lets itself be asked with one token, 0 for as often as one likes "
        "(3 for vk, else 0, unless given).",
    )
    flood_pause_seconds: float = Field(
        default=60.0, gt=0, description="How long to ask a backend for nothing of a kind it has had too much of."
    )
    forward_client_address: bool = Field(
        default=False,
        description="Tell the backend where programs ask from (X-Forwarded-For), for its limits: true or false.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="How much to log: debug, info, warning or error."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is passed in: the environment is `load_settings`'s business, which keeps tests hermetic."""
        return (init_settings,)

    @field_validator("sites", "clients", "limits", "banned_emails", "media_hosts", mode="before")
    @classmethod
    def _from_json(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except json.JSONDecodeError as error:
            raise ValueError(f"not JSON: {error.msg} (column {error.colno})") from None

    @field_validator("backend_url")
    @classmethod
    def _check_backend_url(cls, value: str, info: ValidationInfo) -> str:
        backend = info.data.get("backend", "embedded")
        if not value and backend == "openvk":
            raise ValueError("needed when the backend is openvk")
        value = value or (VK_API if backend == "vk" else "")
        return value and web_url(value)

    @field_validator("oauth_url")
    @classmethod
    def _check_oauth_url(cls, value: str, info: ValidationInfo) -> str:
        value = value or VK_OAUTH.get(info.data.get("backend_url", ""), "")
        return value and web_url(value)

    @field_validator("calls_per_second")
    @classmethod
    def _fill_calls_per_second(cls, value: int | None, info: ValidationInfo) -> int:
        if value is None:
            return VK_CALLS_PER_SECOND if info.data.get("backend") == "vk" else 0
        return value

    @field_validator("sites")
    @classmethod
    def _fill_sites(cls, value: dict[int, Site], info: ValidationInfo) -> dict[int, Site]:
        if info.data.get("backend") != "embedded":
            return value
        return {1: Site(url=SELF), 2: Site(url="http://durov.ru")} | value

    @field_validator("media_hosts")
    @classmethod
    def _fill_media_hosts(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        backend, url = info.data.get("backend"), info.data.get("backend_url")
        if value or backend is None or url is None:  # given, or something else is wrong already
            return value
        if backend == "embedded":
            return EMBEDDED_MEDIA
        place = urlsplit(url).netloc.lower()
        below = () if is_address(place) else (f"*.{place}",)
        return (place, *below, *(VK_MEDIA if backend == "vk" else ()))

    @field_validator("data_dir")
    @classmethod
    def _expand_data_dir(cls, value: Path) -> Path:
        return value.expanduser()

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, value: str, info: ValidationInfo) -> str:
        if not value:
            return f"sqlite:///{info.data.get('data_dir', Path())}/gateway.sqlite3"
        try:
            url = make_url(value)
        except (ArgumentError, ValueError):
            raise ValueError("not a database URL such as sqlite:///FILE or postgresql://USER@HOST/NAME") from None
        database = url.get_backend_name()
        if database == "sqlite" and url.database in {None, "", ":memory:"}:
            raise ValueError("a database in memory would forget everybody; name a file")
        if database not in {"sqlite", "postgresql", "postgres"}:
            raise ValueError("neither sqlite:///FILE nor postgresql://USER@HOST/NAME")
        if database != "sqlite" and "@" in f"{url.host}{url.database}":  # would be shown and told in errors
            raise ValueError("write an @ in the password as %40")
        return value

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, value: str, info: ValidationInfo) -> str:
        if value:
            return web_url(value)
        host, _, port = str(info.data.get("bind", "")).rpartition(":")
        every_address = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104
        return f"http://{every_address.get(host, host)}" + ("" if port == "80" else f":{port}")

    @property
    def outbox_dir(self) -> Path:
        """The folder of mails nobody took."""
        return self.data_dir / "outbox"

    @property
    def embedded_database(self) -> Path:
        """The file of the embedded backend's own database."""
        return self.data_dir / "embedded.sqlite3"

    def prepare_data_dir(self) -> None:
        """Make the data folder (mode 0700) unless it is there, and see that it can be written. Raises SettingsError."""
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.data_dir):
                pass
        except OSError as error:
            raise SettingsError(f"data_dir: cannot write in {self.data_dir}: {error.strerror}") from None

    def load_secret_key(self) -> str:
        """Return the secret key given, or else the one kept in `data_dir/secret_key`, made on first use.

        Raises SettingsError when the file cannot be used or when others may read it.
        """
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        self.prepare_data_dir()
        try:
            return read_or_create(self.data_dir / "secret_key", token_hex(32))
        except ValueError as error:
            raise SettingsError(f"secret_key: {error}") from None

    def shown(self) -> dict[str, str]:
        """Every setting as text for a screen, secrets hidden."""
        values = {
            name: json.dumps(value) if isinstance(value, (dict, list)) else str(value)
            for name, value in self.model_dump(mode="json", exclude_defaults=False).items()
        }
        values["secret_key"] = HIDDEN if self.secret_key is not None else f"(kept in {self.data_dir / 'secret_key'})"
        values["smtp_url"] = HIDDEN if self.smtp_url is not None else f"(mails are kept in {self.outbox_dir})"
        values["vk_client_secret"] = HIDDEN if self.vk_client_secret is not None else ""
        url = make_url(self.database_url)
        hidden_query = "?" + HIDDEN if url.query else ""  # drivers take passwords there too
        return values | {"database_url": url.set(query={}).render_as_string(hide_password=True) + hidden_query}
