"""What the gateway keeps, and where."""

import tempfile
from pathlib import Path
from secrets import token_hex

from pydantic import BaseModel, Field, SecretStr, ValidationInfo, field_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from userapi_gw.private_file import read_or_create
from userapi_gw.settings.faults import SettingsError


class StorageSettings(BaseModel):
    """The data folder, the database and the secret key."""

    data_dir: Path = Field(default=Path("userapi-gw-data"), description="Folder for the databases and the secret key.")
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

    @property
    def outbox_dir(self) -> Path:
        """The folder in which earlier versions kept mails nobody took."""
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
