"""The one table of settings: names, types, limits, help texts, and where each value came from.

A value is looked for on the command line, then in the environment (`USERAPI_GW_` and the name in capitals; tables and
lists as JSON), then in a TOML file, then the default counts. Anything wrong is told in one line by `SettingsError`.
`table.py` puts the table together from a module for each subject.
"""

from userapi_gw.settings.backend import VK_CALLS_PER_SECOND
from userapi_gw.settings.faults import SettingsError
from userapi_gw.settings.sites import SELF, ClientRule, Community, Site, WireChoice
from userapi_gw.settings.table import ENV_PREFIX, Settings

__all__ = [
    "ENV_PREFIX",
    "SELF",
    "VK_CALLS_PER_SECOND",
    "ClientRule",
    "Community",
    "Settings",
    "SettingsError",
    "Site",
    "WireChoice",
]
