"""Sites, the communities they belong to, and rules for single programs."""

import typing
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    SecretStr,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from userapi_gw.dialect import OPTION_NAMES, Dialect
from userapi_gw.settings.checks import web_url
from userapi_gw.settings.faults import unknown_name

SELF = "self"
"""A site's `url` that stands for the gateway's own address."""

_OPTION_TYPES = {name: TypeAdapter[Any](hint) for name, hint in typing.get_type_hints(Dialect).items()}

DialectName = Literal["2008", "2009"]


def _site_url(text: str) -> str:
    return text if text == SELF else web_url(text)


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


class Community(BaseModel):
    """The community a site belongs to: what it pushes here, and what the gateway may do in its name.

    `token` is the community's access key. `confirmation` and `callback_secret` are what its Callback API page shows
    and what was typed there, unless `callback setup` arranges both. `app` is the number of the application inside its
    frame, `app_secret` its secure key.
    `title`, `description` and `image` are what links to the app show; the community's own name and photo unless given.
    `rights` and `key_rights` are VK's bit masks of what the app asks people and managers for (friends, photos, status,
    wall; messages, management).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    group: PositiveInt
    token: SecretStr | None = None
    confirmation: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{0,64}$")] = ""
    callback_secret: Annotated[SecretStr, Field(min_length=1, max_length=50)] | None = None
    app: PositiveInt | None = None
    app_secret: Annotated[SecretStr, Field(min_length=1)] | None = None
    title: Annotated[str, Field(max_length=200)] = ""
    description: Annotated[str, Field(max_length=1000)] = ""
    image: Annotated[str, AfterValidator(web_url)] | None = None
    rights: NonNegativeInt = 2 + 4 + 1024 + 8192
    key_rights: NonNegativeInt = 4096 + 262144

    @model_validator(mode="after")
    def _check_app(self) -> "Community":
        if (self.app is None) != (self.app_secret is None):
            raise ValueError("app and app_secret belong together")
        return self


class Site(WireChoice):
    """A network that old programs log in to: where the login sends them back, and how to answer them."""

    url: Annotated[str, AfterValidator(_site_url)]
    community: Community | None = None


class ClientRule(WireChoice):
    """How to answer the programs whose User-Agent contains `user_agent`."""

    user_agent: Annotated[str, Field(min_length=1)]


class SiteSettings(BaseModel):
    """Who may log in, and how answers are spelled. Counts on `backend`, a setting of `BackendSettings`."""

    sites: dict[PositiveInt, Site] = Field(
        default={},
        description="Sites by id: url (or the word self for the gateway's own address), dialect, options, community. "
        "The embedded backend always has 1 = self and 2 = http://durov.ru unless these are given otherwise.",
    )
    dialect: DialectName = Field(
        default="2009", description="How answers are spelled: 2009 (live server) or 2008 (document)."
    )
    clients: tuple[ClientRule, ...] = Field(
        default=(), description="Rules for single programs: user_agent (a part of it), dialect, options."
    )

    @field_validator("sites")
    @classmethod
    def _fill_sites(cls, value: dict[int, Site], info: ValidationInfo) -> dict[int, Site]:
        if info.data.get("backend") != "embedded":
            return value
        return {1: Site(url=SELF), 2: Site(url="http://durov.ru")} | value
