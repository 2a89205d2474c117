"""What the Bot API answered, how often and how fast."""

from prometheus_client import CollectorRegistry

from shared.metrics import Instruments


class TelegramMetrics:
    """Counts every Bot API call; a CallObserver."""

    def __init__(self, registry: CollectorRegistry) -> None:
        make = Instruments(registry)
        self._requests = make.counter(
            "telegram_requests_total",
            "Bot API calls by method and result: ok, refused, flood, unavailable, ambiguous or unreadable.",
            ("method", "result"),
        )
        self._seconds = make.histogram(
            "telegram_request_seconds",
            "How long a Bot API call took; getUpdates waits on purpose.",
            ("method",),
        )

    def called(self, method: str, result: str, seconds: float) -> None:
        """Take note that `method` ended with `result` after `seconds`."""
        self._requests.labels(method, result).inc()
        self._seconds.labels(method).observe(seconds)
