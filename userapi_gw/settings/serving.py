"""Where and how the gateway is served."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo, field_validator

from userapi_gw.settings.checks import bind_address, web_url


class ServingSettings(BaseModel):
    """Addresses, processes, the log."""

    bind: Annotated[str, AfterValidator(bind_address)] = Field(
        default="127.0.0.1:8080", description="Address to listen on, host:port; port 0 lets the system choose."
    )
    workers: int = Field(
        default=1, ge=1, le=32, description="Server processes. More than one pays on busy machines only."
    )
    threads: int = Field(default=16, ge=1, le=256, description="Threads in each server process.")
    public_url: str = Field(
        default="",
        description="Where people reach the gateway: links in mails to its own site (http:// and bind unless given).",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="How much to log: debug, info, warning or error."
    )

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, value: str, info: ValidationInfo) -> str:
        if value:
            return web_url(value)
        host, _, port = str(info.data.get("bind", "")).rpartition(":")
        every_address = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104
        return f"http://{every_address.get(host, host)}" + ("" if port == "80" else f":{port}")
