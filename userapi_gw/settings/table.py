"""Every setting in one table, and how it is shown."""

import json
from typing import Any

from pydantic import field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy.engine import make_url

from userapi_gw.settings.backend import BackendSettings
from userapi_gw.settings.community import CommunitySettings
from userapi_gw.settings.notify import NotifySettings
from userapi_gw.settings.people import PeopleSettings
from userapi_gw.settings.polling import PollingSettings
from userapi_gw.settings.replaying import ReplaySettings
from userapi_gw.settings.serving import ServingSettings
from userapi_gw.settings.sites import SiteSettings
from userapi_gw.settings.storage import StorageSettings

ENV_PREFIX = "USERAPI_GW_"
HIDDEN = "********"


class Settings(  # pydantic takes fields from the last of these first
    NotifySettings,
    ReplaySettings,
    CommunitySettings,
    PeopleSettings,
    PollingSettings,
    ServingSettings,
    StorageSettings,
    SiteSettings,
    BackendSettings,
    BaseSettings,
):
    """Every setting. Made directly it takes keyword arguments and nothing else; `load_settings` looks around."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix=ENV_PREFIX, enable_decoding=False, allow_inf_nan=False
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

    @field_validator(
        *("sites", "clients", "limits", "banned_emails", "media_hosts", "frame_ancestors", "notify_channels", "devino"),
        mode="before",
    )
    @classmethod
    def _from_json(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except json.JSONDecodeError as error:
            raise ValueError(f"not JSON: {error.msg} (column {error.colno})") from None

    def shown(self) -> dict[str, str]:
        """Every setting as text for a screen, secrets hidden."""
        values = {
            name: json.dumps(value) if isinstance(value, (dict, list)) else str(value)
            for name, value in self.model_dump(mode="json", exclude_defaults=False).items()
        }
        values["secret_key"] = HIDDEN if self.secret_key is not None else f"(kept in {self.data_dir / 'secret_key'})"
        values["smtp_url"] = HIDDEN if self.smtp_url is not None else "(mails are kept, see userapi-gw outbox)"
        values["vk_client_secret"] = HIDDEN if self.vk_client_secret is not None else ""
        url = make_url(self.database_url)
        hidden_query = "?" + HIDDEN if url.query else ""  # drivers take passwords there too
        return values | {"database_url": url.set(query={}).render_as_string(hide_password=True) + hidden_query}
