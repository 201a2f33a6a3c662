"""Gathers the settings: the command line over the environment over a TOML file over the defaults."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_settings import EnvSettingsSource

from userapi_gw.settings.faults import SettingsError, unknown_name
from userapi_gw.settings.notify import Devino, DevinoTemplate
from userapi_gw.settings.sites import ClientRule, Community, Site
from userapi_gw.settings.table import ENV_PREFIX, Settings

CONFIG_VARIABLE = "USERAPI_GW_CONFIG"
CONFIG_FILE = Path("userapi-gw.toml")

TABLES: Mapping[str, type[BaseModel]] = {
    "sites": Site,
    "clients": ClientRule,
    "community": Community,
    "devino": Devino,
    "templates": DevinoTemplate,
}
"""What stands in tables of the file, by the name of the table."""


@dataclass(frozen=True)
class Loaded:
    """Settings together with where each value came from: `sources` names every setting."""

    settings: Settings
    sources: dict[str, str]


def load_settings(cli: Mapping[str, Any], config: Path | None, environ: Mapping[str, str] | None = None) -> Loaded:
    """Gather the settings: `cli` over `environ` (the process's own) over the file `config` over the defaults.

    Values None in `cli` were not given. Without `config` the file is the one `USERAPI_GW_CONFIG` names, or
    `userapi-gw.toml` in the current folder if there is one. Raises SettingsError: one line with the setting, its
    source and the reason.
    """
    environ = os.environ if environ is None else environ
    layers = [
        _read_file(config, environ),
        {name: (value, f"environment {_variable(name)}") for name, value in _read_environment(environ).items()},
        {name: (value, f"command line {option(name)}") for name, value in cli.items() if value is not None},
    ]
    found = {name: pair for layer in layers for name, pair in layer.items()}
    sources = dict.fromkeys(Settings.model_fields, "default") | {name: source for name, (_, source) in found.items()}
    try:
        settings = Settings(**{name: value for name, (value, _) in found.items()})
    except ValidationError as error:
        raise SettingsError(_one_line(error, sources)) from None
    return Loaded(settings, sources)


def option(name: str) -> str:
    """Return the command line's spelling of a setting: `data_dir` is `--data-dir`."""
    return "--" + name.replace("_", "-")


def _read_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    known = {_variable(name) for name in Settings.model_fields} | {CONFIG_VARIABLE}
    for variable in sorted(environ):
        if variable.startswith(ENV_PREFIX) and variable not in known:
            raise SettingsError(f"environment: {unknown_name('variable', variable, known)}")
    source = EnvSettingsSource(Settings)
    source.env_vars = {variable.lower(): value for variable, value in environ.items() if variable in known}
    return source()


def _read_file(config: Path | None, environ: Mapping[str, str]) -> dict[str, tuple[Any, str]]:
    """Return the file's values, each with its source; no file named and none there is an empty one."""
    named = config or Path(environ.get(CONFIG_VARIABLE, ""))
    path = named if named != Path() else CONFIG_FILE
    if path is CONFIG_FILE and not path.exists():
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"config: cannot read {path}: {error.strerror}") from None
    except ValueError as error:  # not UTF-8, not TOML: neither text repeats what stands in the file
        reason = error.reason if isinstance(error, UnicodeDecodeError) else str(error)
        raise SettingsError(f"config: {path} is not a TOML file: {reason}") from None
    for name in values:
        if name not in Settings.model_fields:
            raise SettingsError(f"file {path}: {unknown_name('setting', name, Settings.model_fields)}")
    return {name: (value, f"file {path}") for name, value in values.items()}


def _variable(name: str) -> str:
    return ENV_PREFIX + name.upper()


def _one_line(error: ValidationError, sources: Mapping[str, str]) -> str:
    """Tell one fault: which setting, where it was set, why not. The value stays out, it may be a secret."""
    faults = error.errors(include_url=False, include_input=False)
    fault = min(faults, key=lambda fault: fault["type"] != "extra_forbidden")  # a misspelt key misses the right one
    setting, *inner = [str(part) for part in fault["loc"]]
    reason = fault["msg"].removeprefix("Value error, ")
    if fault["type"] == "extra_forbidden":
        key = inner.pop()
        table = next(name for name in reversed([setting, *inner]) if name in TABLES)
        reason = unknown_name("key", key, TABLES[table].model_fields)
    return f"{'.'.join([setting, *inner])} ({sources[setting]}): {reason}"
