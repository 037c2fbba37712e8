"""The settings of a deployment: environment variables ``GREENLIGHT_…`` and a ``.env`` file."""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.logs import Form

TELEGRAM = "https://api.telegram.org"


class WrongSetting(Exception):  # noqa: N818  # named by what is wrong
    """A setting that cannot be used; the text is one line for the operator, without secret values."""


class Settings(BaseSettings):
    """What the operator sets. Every field is described in the README's table."""

    model_config = SettingsConfigDict(env_prefix="GREENLIGHT_", env_file=".env", extra="ignore")

    telegram_token: SecretStr | None = None
    telegram_api: str = TELEGRAM
    database_url: str = "sqlite:///greenlight.db"
    files: Path = Path("files")
    times: Path | None = None
    proxy: str | None = None
    webhook_url: str | None = None
    listen: str = "127.0.0.1:8090"
    monitor: str | None = None
    log_level: str = Field(default="INFO")
    log_format: Form | None = None
    log_file: Path | None = None
    keep_days: int = Field(default=30, ge=2, le=3650)
    tick_seconds: float = Field(default=10, ge=0.1, le=300)
    pace: float = Field(default=1, ge=0.1, le=1000)

    @field_validator("times", "log_format", "log_file", "monitor", mode="before")
    @classmethod
    def _perhaps(cls, value: object) -> object:
        return value or None  # an empty one is none, and not the folder

    @field_validator("webhook_url", mode="before")
    @classmethod
    def _perhaps_polling(cls, value: object) -> object:
        return value or None

    @field_validator("listen", "monitor")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        host, _, port = value.rpartition(":")
        if not host or not port.isdecimal() or int(port) > 65535:  # noqa: PLR2004  # the last port there is
            raise ValueError("must be an address and a port, such as 127.0.0.1:8090")
        return value

    @field_validator("telegram_api", "proxy", "webhook_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/") if value else value

    @field_validator("telegram_token")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        number, _, secret = value.get_secret_value().partition(":")
        if not number.isdigit() or not secret:
            raise ValueError("must look like 123456:ABC…, as @BotFather gives it")
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        try:
            backend = make_url(value).get_backend_name()
        except ArgumentError as error:
            raise ValueError("must look like sqlite:///file.db or postgresql://user@host/name") from error
        if backend not in {"sqlite", "postgresql"}:
            raise ValueError("must be a sqlite:/// or postgresql:// address")
        return value

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @property
    def token(self) -> str:
        """The bot's token; ``WrongSetting`` when there is none."""
        if self.telegram_token is None:
            raise WrongSetting(
                "GREENLIGHT_TELEGRAM_TOKEN is not set: @BotFather gives you one (README, «Put it live»)."
            )
        return self.telegram_token.get_secret_value()


def load() -> Settings:
    """Read the settings; ``WrongSetting`` names the first wrong one."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = f"GREENLIGHT_{str(first['loc'][0]).upper()}" if first["loc"] else "settings"
        raise WrongSetting(f"{name} {first['msg'].removeprefix('Value error, ')}") from None
