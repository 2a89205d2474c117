"""The settings of the bot: names, meanings, bounds, defaults."""

import re
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, Field, SecretStr, model_validator

from shared.addresses import OWN_SERVER, WEBHOOK_PORTS, web_address
from shared.settings import EVERYWHERE, CommonSettings, split_list

SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")

type Network = IPv4Network | IPv6Network
Networks = Annotated[frozenset[Network], BeforeValidator(split_list)]


class BotSettings(CommonSettings):
    """The front end's settings."""

    bot_mode: Literal["polling", "webhook"] = Field(
        "polling", description="How updates come in.", examples=["webhook"]
    )
    webhook_url: str | None = Field(
        None,
        description="Public base address, https on port 443, 80, 88 or 8443; the webhook's path is appended.",
        examples=["https://bot.example.com"],
    )
    webhook_secret: SecretStr | None = Field(
        None, description="Proves that a webhook call is Telegram's.", examples=["any-long-random_text"]
    )
    webhook_allowed_networks: Networks = Field(
        frozenset(),
        description="Networks that may call the webhook, comma-separated; all without. "
        "Telegram's: 149.154.160.0/20,91.108.4.0/22.",
        examples=["149.154.160.0/20,91.108.4.0/22"],
    )
    trusted_proxies: Networks = Field(
        frozenset(),
        description="Networks of proxies whose X-Forwarded-For is believed, comma-separated.",
        examples=["172.16.0.0/12"],
    )
    bot_host: str = Field("127.0.0.1", description="Address the bot listens on.", examples=[EVERYWHERE])
    bot_port: int = Field(8080, ge=1, le=65535, description="Port the bot listens on.", examples=["8000"])
    throttle_burst: int = Field(10, ge=1, description="Updates one person may send at once.", examples=["20"])
    throttle_per_second: float = Field(
        3.0, gt=0, description="Updates a second one person may send after that.", examples=["5"]
    )

    @model_validator(mode="after")
    def _webhook_is_complete(self) -> Self:
        if self.bot_mode == "polling":
            return self
        if not self.webhook_url:
            raise ValueError("BOT_MODE=webhook needs WEBHOOK_URL, the public https address of this bot")
        self._check_address(self.webhook_url)
        if self.webhook_secret is None:
            raise ValueError("BOT_MODE=webhook needs WEBHOOK_SECRET, 1 to 256 of A-Z, a-z, 0-9, _ and -")
        if not SECRET.fullmatch(self.webhook_secret.get_secret_value()):
            raise ValueError("WEBHOOK_SECRET may hold only 1 to 256 of A-Z, a-z, 0-9, _ and -")
        return self

    def _check_address(self, address: str) -> None:
        """Refuse what Telegram's own server would refuse; one's own server calls plain http too."""
        try:
            parts = web_address(address, "https://bot.example.com")
        except ValueError as error:
            raise ValueError(f"WEBHOOK_URL {error}") from None
        if self.telegram_api_url != OWN_SERVER:
            return
        if parts.scheme != "https":
            raise ValueError("WEBHOOK_URL has to begin with https://: Telegram calls nothing else")
        if parts.port is not None and parts.port not in WEBHOOK_PORTS:
            raise ValueError("WEBHOOK_URL has to be on port 443, 80, 88 or 8443: Telegram calls no other")
