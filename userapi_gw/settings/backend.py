"""Where the data live, and how patiently it is asked for them."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field, SecretStr, ValidationInfo, field_validator

from userapi_gw.settings.checks import is_address, media_host, web_url

VK_API = "https://api.vk.com"
VK_OAUTH = {VK_API: "https://oauth.vk.com", "https://api.vk.ru": "https://oauth.vk.ru"}
"""Where VK takes passwords, by the address of its API."""
VK_CALLS_PER_SECOND = 3
VK_MEDIA = ("*.userapi.com", "*.vkuserphoto.ru", "*.vkuser.net", "*.vk.com", "*.vk.ru", "*.vk.me", "vk.com")
EMBEDDED_MEDIA = ("*.userapi.com",)
"""Where VK, and the world of the documentation, have their pictures."""


class BackendSettings(BaseModel):
    """The modern shore."""

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
    media_hosts: tuple[Annotated[str, AfterValidator(media_host)], ...] = Field(
        default=(),
        description="Hosts that pictures are fetched from and uploads sent to: host, host:port or *.host. "
        "Unless given, those of the backend: its own host and the names below it, for vk those of VK.",
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
