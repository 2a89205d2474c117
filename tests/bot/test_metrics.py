import re
from pathlib import Path

from bot.metrics import BotMetrics
from shared.metrics import new_registry
from shared.telegram.metrics import TelegramMetrics

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"


def test_the_page_describes_every_metric_of_the_bot() -> None:
    registry = new_registry("bot")
    BotMetrics(registry)
    TelegramMetrics(registry)
    named = {
        {"counter": f"{family.name}_total", "info": f"{family.name}_info"}.get(family.type, family.name)
        for family in registry.collect()
        if family.name.startswith("bellhop_")
    }
    assert named <= set(re.findall(r"`(bellhop_\w+)`", PAGE.read_text()))
    assert len(named) >= 9


def test_calls_to_telegram_are_counted_and_timed() -> None:
    registry = new_registry("bot")
    observer = TelegramMetrics(registry)
    observer.called("getMe", "ok", 0.2)
    observer.called("getMe", "flood", 0.1)
    counted = registry.get_sample_value(
        "bellhop_telegram_requests_total", {"method": "getMe", "result": "flood"}
    )
    assert counted == 1
    assert registry.get_sample_value("bellhop_telegram_request_seconds_count", {"method": "getMe"}) == 2
