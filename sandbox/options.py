"""What a sandbox is asked to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

PROJECT = Path(__file__).parent.parent
DEMO_BUSINESS = Path(__file__).with_name("demo.yaml")
WEB_CHAT_PORT = 8081
OWNER_ID = 1000


@dataclass(frozen=True)
class Options:
    """What the command line says, and the settings that bot and workers get besides the sandbox's own."""

    data: Path = PROJECT / ".sandbox"
    port: int = WEB_CHAT_PORT
    """The port of the web chat and the emulator; 0 picks a free one. All others are picked."""
    workers: int = 2
    fresh: bool = False
    business: Path | None = DEMO_BUSINESS
    """The business file; None is an empty database, for the owner to set a shop up in the chat."""
    bot_mode: Literal["polling", "webhook"] = "polling"
    environment: Mapping[str, str] = field(default_factory=dict)
    """Added to what the bot and the workers get."""
