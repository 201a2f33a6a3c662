"""Communities: the app that shows a site inside one, and the events it sends."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo, field_validator

from userapi_gw.settings.checks import frame_source, web_url

VK_PAGES = ("https://vk.com", "https://m.vk.com", "https://vk.ru", "https://m.vk.ru")


class CommunitySettings(BaseModel):
    """What holds for all communities. Counts on `backend` and `backend_url`, settings of `BackendSettings`."""

    launch_seconds: int = Field(
        default=600, ge=1, le=86_400, description="How old the launch of a community's app may be, in seconds."
    )
    frame_ancestors: tuple[Annotated[str, AfterValidator(frame_source)], ...] = Field(
        default=(),
        description="Which pages may show a community's app in a frame, as https://host or https://*.host. "
        "Unless given, those of VK, and those of the backend's own host.",
    )
    callback_queue: int = Field(
        default=10_000,
        ge=1,
        le=10_000_000,
        description="At most so many events of communities (Callback API) wait to be done; then senders are told to "
        "come again.",
    )
    vk_script: str = Field(
        default="",
        description="Address of VK's script for apps, such as https://vk.com/js/api/xd_connection.js. Without it the "
        "app's pages load nothing from VK, and keys are pasted.",
    )

    @field_validator("vk_script")
    @classmethod
    def _check_vk_script(cls, value: str) -> str:
        return value and web_url(value)

    @field_validator("frame_ancestors")
    @classmethod
    def _fill_frame_ancestors(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if value or info.data.get("backend") != "openvk":
            return value or VK_PAGES
        backend = urlsplit(info.data.get("backend_url", ""))
        return (*VK_PAGES, *([f"{backend.scheme}://{backend.netloc}"] if backend.netloc else ()))
