"""What operators ask of the jobs."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from shared.metrics import PREFIX, SECONDS


class JobMetrics:
    """Counts jobs of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.wait = Histogram(
            f"{PREFIX}_job_wait_seconds",
            "From due to claimed.",
            ["queue"],
            registry=registry,
            buckets=SECONDS,
        )
        self.duration = Histogram(
            f"{PREFIX}_job_duration_seconds",
            "From claimed to given back.",
            ["queue", "function"],
            registry=registry,
            buckets=SECONDS,
        )
        self.finished = Counter(
            f"{PREFIX}_jobs_total",
            "Jobs given back, by how: done, deferred (an outage), retried, dead, released (a stop), lost.",
            ["queue", "result"],
            registry=registry,
        )
        self.running = Gauge(f"{PREFIX}_jobs_in_progress", "Jobs running now.", ["queue"], registry=registry)
        self.queue_errors = Counter(
            f"{PREFIX}_queue_errors_total", "Calls to Redis that failed.", ["queue"], registry=registry
        )
