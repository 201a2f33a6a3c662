"""What people are told outside of UserAPI, and how."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PositiveInt, SecretStr, model_validator

from userapi_gw.settings.checks import web_url

ChannelName = Literal["community", "devino", "email"]
NewsKind = Literal["message", "friend"]


class DevinoTemplate(BaseModel):
    """A template that Devino has approved, by its number, its name or both."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: PositiveInt | None = None
    name: Annotated[str, Field(max_length=255)] = ""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.id is None and not self.name:
            raise ValueError("write id, name or both")
        return self


class Devino(BaseModel):
    """An account at Devino. `callback_secret` is a part of the addresses Devino calls back.

    The limits (`per_second`, `per_day` and user) are those of document 002, and `ttl` is in seconds.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[str, AfterValidator(web_url)]
    key: Annotated[SecretStr, Field(min_length=1, max_length=1000)]
    scheme: Annotated[str, Field(pattern=r"^[A-Za-z]*$")] = "Key"
    service: Annotated[str, Field(min_length=1, max_length=255)]
    templates: dict[NewsKind, DevinoTemplate]
    routes: tuple[Literal["VK", "OK"], ...] = ("VK",)
    delivery_policy: Annotated[str, Field(pattern=r"^[A-Z_]{0,32}$")] = ""
    ttl: Annotated[int, Field(ge=60, le=604800)] = 3600
    per_second: Annotated[int, Field(ge=1, le=1000)] = 50
    per_day: Annotated[int, Field(ge=1, le=1000)] = 5
    callback_secret: SecretStr | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        key = self.key.get_secret_value()
        if not (key.isascii() and key.isprintable()):
            raise ValueError("key: only letters, digits and signs can be sent")
        secret = self.callback_secret.get_secret_value() if self.callback_secret else "x" * 16
        if not (16 <= len(secret) <= 200 and secret.isascii() and secret.replace("-", "").replace("_", "").isalnum()):
            raise ValueError("callback_secret: 16 letters, digits, - and _ or more are needed")
        return self


class NotifySettings(BaseModel):
    """The outbox, its channels, and when they are used."""

    notify_channels: tuple[ChannelName, ...] = Field(
        default=("community", "devino", "email"),
        description="How people are told of new messages and friend requests, in this order: by a message of the "
        "site's community, by Devino, by e-mail.",
    )
    notify_worker: bool = Field(
        default=True,
        description="Send what waits in the outbox from the server processes; false where userapi-gw notify run does.",
    )
    notify_window_seconds: float = Field(
        default=120.0, ge=0, description="What comes within so many seconds is told at once."
    )
    notify_pause_seconds: float = Field(
        default=3600.0, ge=0, description="Nobody is told of news of one kind more often than this, in seconds."
    )
    notify_away_seconds: float = Field(
        default=300.0,
        gt=0,
        description="Whose program asked within so many seconds is not told otherwise, as it shows what is new.",
    )
    devino: Devino | None = Field(
        default=None,
        description="Account at Devino: url, key, service, templates, routes, delivery_policy, ttl, callback_secret.",
    )
