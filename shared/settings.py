"""The settings of the worker and of tools, and what the bot shares. Whence they come: shared.environment."""

import re
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings

from shared.addresses import OWN_SERVER, database_address, redis_address, web_address
from shared.environment import InvalidSettingsError
from shared.environment_settings import EnvironmentSettings
from shared.payment_settings import PaymentSettings
from shared.settings_words import explain

TOKEN = re.compile(r"\d{5,16}:[A-Za-z0-9_-]{30,}")
EVERYWHERE: Final = "0.0.0.0"  # noqa: S104 - an example of what people may write # nosec B104


def split_list(value: object) -> object:
    """Split a comma-separated list, as people write them into the environment."""
    if not isinstance(value, str):
        return value
    return [part.strip() for part in value.split(",") if part.strip()]


PersonId = Annotated[int, Field(gt=0, lt=2**63)]
"""A number at Telegram, as PostgreSQL can keep it."""


class QueueSettings(EnvironmentSettings):
    """Where Redis is: all that tools need which look at the queue."""

    redis_url: str = Field(
        "redis://localhost:6379/0",
        description="Redis or Valkey: the queue.",
        examples=["rediss://:password@redis.example:6380/1"],
    )

    @field_validator("redis_url")
    @classmethod
    def _names_a_redis(cls, value: str) -> str:
        redis_address(value)
        return value


class CommonSettings(QueueSettings):
    """What bot and worker both need."""

    bot_token: SecretStr = Field(description="The bot's token, from @BotFather.", examples=["123456789:AAF…"])
    telegram_api_url: str = Field(
        OWN_SERVER, description="Address of the Bot API server.", examples=["http://localhost:8081"]
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least level that is logged.", examples=["WARNING"]
    )
    log_format: Literal["json", "console"] = Field(
        "json", description="json for machines, console for people.", examples=["console"]
    )
    otlp_endpoint: str | None = Field(
        None,
        description="Base address of an OpenTelemetry collector for traces; none are made without it.",
        examples=["http://collector:4318"],
    )
    sentry_dsn: SecretStr | None = Field(
        None,
        description="Where errors are reported to, by Sentry's protocol; nowhere without it.",
        examples=["https://key@errors.example/1"],
    )
    watchdog_seconds: float = Field(
        60.0,
        ge=0,
        description="A process that has stood still for so long ends itself; 0 never does.",
        examples=["120"],
    )
    send_per_second: int = Field(
        30,
        ge=0,
        description="Messages a second to all chats together, over all replicas; 0 is no limit.",
        examples=["25"],
    )
    send_per_chat: float = Field(
        1.0, ge=0, description="Messages a second to one chat; 0 is no limit.", examples=["0.5"]
    )

    @field_validator("bot_token")
    @classmethod
    def _token_is_real(cls, value: SecretStr) -> SecretStr:
        if not TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("is not a bot token: @BotFather gives one that looks like 7012345678:AAE…")
        return value

    @field_validator("telegram_api_url")
    @classmethod
    def _no_trailing_slash(cls, value: str) -> str:
        web_address(value, OWN_SERVER)
        return value.rstrip("/")

    @field_validator("otlp_endpoint")
    @classmethod
    def _names_a_collector(cls, value: str | None) -> str | None:
        if value is not None:
            web_address(value, "http://collector:4318")
        return value

    @field_validator("sentry_dsn")
    @classmethod
    def _names_a_project(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            web_address(value.get_secret_value(), "https://key@host/project")
        return value

    @property
    def bot_id(self) -> int:
        """The bot's own Telegram id: the number before the token's colon."""
        return int(self.bot_token.get_secret_value().partition(":")[0])


class DatabaseSettings(EnvironmentSettings):
    """Where PostgreSQL is: all that migrations and the command-line tools need."""

    database_url: SecretStr = Field(
        SecretStr("postgresql+asyncpg://bellhop@localhost:5432/bellhop"),
        description="PostgreSQL: the truth.",
        examples=["postgresql+asyncpg://bellhop:password@db.example:5432/bellhop?ssl=require"],
    )
    business_id: int = Field(
        1,
        ge=1,
        le=32767,
        description="Which business of the database is meant; several can share one.",
        examples=["2"],
    )

    @field_validator("database_url")
    @classmethod
    def _driver_is_async(cls, value: SecretStr) -> SecretStr:
        database_address(value.get_secret_value())
        return value


class AdminSettings(EnvironmentSettings):
    """Who may administer by settings: all that tools need which tell them something."""

    admin_ids: Annotated[frozenset[PersonId], BeforeValidator(split_list)] = Field(
        frozenset(),
        description="Telegram ids of people who may administer, besides the business file's.",
        examples=["1000,1001"],
    )


class WorkerSettings(CommonSettings, DatabaseSettings, AdminSettings, PaymentSettings):
    """The worker's settings."""

    worker_metrics_host: str = Field(
        "127.0.0.1", description="Address of the worker's /health and /metrics.", examples=[EVERYWHERE]
    )
    worker_metrics_port: int = Field(
        9101, ge=0, le=65535, description="Its port; 0 takes a free one.", examples=["9101"]
    )
    worker_jobs: int = Field(
        10, ge=1, le=1000, description="Commands one replica runs at the same time.", examples=["20"]
    )
    worker_lease_seconds: float = Field(
        3.0, ge=0.5, description="How long a killed worker's job stays claimed.", examples=["4"]
    )
    worker_drain_seconds: float = Field(
        20.0, ge=0, description="How long a stopping worker finishes its jobs.", examples=["30"]
    )
    worker_queues: Literal["interactive,delivery", "interactive", "delivery"] = Field(
        "interactive,delivery",
        description="What this replica does: interactive runs commands, delivery sends what is due.",
        examples=["delivery"],
    )
    gathering_minutes: int = Field(
        30, ge=10, le=120, description="Minutes that friends have to join a booking.", examples=["45"]
    )
    database_pool: int = Field(
        5,
        ge=1,
        description="A replica's connections to PostgreSQL, and as many to read only; it has three more.",
        examples=["2"],
    )
    send_chat_burst: int = Field(
        9, ge=1, description="Messages one chat may get at once, before that.", examples=["5"]
    )
    send_per_group: int = Field(
        20, ge=0, description="Messages a minute to one group; 0 is no limit.", examples=["15"]
    )
    retention_days: int = Field(
        0,
        ge=0,
        le=36_500,
        description="Days after which people who no longer come, and notes on old visits, go; 0 keeps them.",
        examples=["365"],
    )
    backup_metrics_url: str | None = Field(
        None,
        description="Where the doctor asks when the last backup was made; it does not without.",
        examples=["http://backup:9102/metrics"],
    )
    bot_metrics_url: str | None = Field(
        None,
        description="Where the doctor asks how the bot does, every replica; it does not without.",
        examples=["http://bot:8080/metrics"],
    )

    @field_validator("backup_metrics_url", "bot_metrics_url")
    @classmethod
    def _names_figures(cls, value: str | None) -> str | None:
        if value is not None:
            web_address(value, "http://backup:9102/metrics")
        return value

    @property
    def runs_commands(self) -> bool:
        """Whether this replica runs what people ask."""
        return "interactive" in self.worker_queues

    @property
    def sends_what_is_due(self) -> bool:
        """Whether this replica delivers what is due in the outbox."""
        return "delivery" in self.worker_queues


def load[S: BaseSettings](kind: type[S]) -> S:
    """Read the settings of one kind of process.

    Raises InvalidSettingsError with one line a setting that is missing or wrong, never with a secret's value.
    """
    try:
        return kind()
    except ValidationError as error:
        # One line a setting: a list may have several entries that are wrong in the same way.
        lines = dict.fromkeys(explain(kind.model_fields, dict(problem)) for problem in error.errors())
        raise InvalidSettingsError("\n".join(lines)) from None
