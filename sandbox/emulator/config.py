"""What one emulator is started with, and the periods Telegram lets things live."""

from dataclasses import dataclass
from pathlib import Path

CALLBACK_ANSWER_SECONDS = 15 * 60
"""How long a callback query can be answered."""
MESSAGE_UPDATE_SECONDS = 24 * 3600
"""How long an update with a message waits for the bot."""
PRE_CHECKOUT_SECONDS = 10
"""How long a bot may take to say whether somebody can pay."""
INLINE_SECONDS = 30
"""How long an update with an inline query waits for the bot, and the query for its answer."""
CALLBACK_UPDATE_SECONDS = 150
"""How long an update with a callback query waits for the bot."""
WEBHOOK_TIMEOUT_SECONDS = 60
"""How long a webhook may take to answer."""
MAX_BODY_BYTES = 50 * 1024 * 1024
"""The largest request body, as at Telegram's own server."""

WEBCHAT = Path(__file__).resolve().parent.parent / "webchat"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmulatorConfig:
    """How one emulator behaves; every period is in seconds."""

    tokens: tuple[str, ...]
    state: Path | None = None
    webchat: Path = WEBCHAT
    limits_enabled: bool = True
    callback_answer_seconds: float = CALLBACK_ANSWER_SECONDS
    pre_checkout_seconds: float = PRE_CHECKOUT_SECONDS
    inline_answer_seconds: float = INLINE_SECONDS
    message_update_seconds: float = MESSAGE_UPDATE_SECONDS
    callback_update_seconds: float = CALLBACK_UPDATE_SECONDS
    webhook_timeout_seconds: float = WEBHOOK_TIMEOUT_SECONDS
    webhook_retry_base_seconds: float = 2.0
    webhook_retry_cap_seconds: tuple[float, float] = (60.0, 120.0)
    save_every_seconds: float = 3.0
    calls_kept: int = 100_000
    updates_kept: int = 200_000
    events_kept: int = 10_000
