"""The settings of payments."""

import re
from typing import Final

from pydantic import Field, SecretStr, field_validator

from shared.environment_settings import EnvironmentSettings

PROVIDER_TOKEN: Final = re.compile(r"\d{1,16}:(TEST|LIVE):\S{1,256}")


class PaymentSettings(EnvironmentSettings):
    """Who takes the money."""

    payment_provider_token: SecretStr | None = Field(
        None,
        description="The payment provider's token, from @BotFather; without it no deposits are taken.",
        examples=["123456789:LIVE:…"],
    )

    @field_validator("payment_provider_token")
    @classmethod
    def _is_a_providers(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not PROVIDER_TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("is not a payment provider's token: @BotFather gives one like 123456789:LIVE:…")
        return value
