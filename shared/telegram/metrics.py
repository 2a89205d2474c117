"""What the Bot API answered, how often and how fast."""

from prometheus_client import CollectorRegistry, Counter, Histogram

from shared.metrics import PREFIX, SECONDS


class TelegramMetrics:
    """Counts every Bot API call; a CallObserver."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            f"{PREFIX}_telegram_requests_total",
            "Bot API calls by method and result: ok, refused, flood, unavailable, ambiguous or unreadable.",
            ["method", "result"],
            registry=registry,
        )
        self._seconds = Histogram(
            f"{PREFIX}_telegram_request_seconds",
            "How long a Bot API call took; getUpdates waits on purpose.",
            ["method"],
            buckets=SECONDS,
            registry=registry,
        )

    def called(self, method: str, result: str, seconds: float) -> None:
        """Take note that `method` ended with `result` after `seconds`."""
        self._requests.labels(method, result).inc()
        self._seconds.labels(method).observe(seconds)
