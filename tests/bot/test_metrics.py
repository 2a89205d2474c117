from shared.metrics import new_registry
from shared.telegram.metrics import TelegramMetrics


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
