"""What operators ask of the jobs."""

from prometheus_client import CollectorRegistry

from shared.metrics import PREFIX, Instruments


class JobMetrics:
    """Counts the jobs of one queue in one process."""

    def __init__(self, registry: CollectorRegistry, queue: str) -> None:
        make, self._queue = Instruments(registry), queue.removeprefix(f"{PREFIX}:")
        wait = make.histogram(
            "job_wait_seconds",
            "From when it might first run to claimed; a deferred job counts from the first time.",
            ("queue",),
        )
        running = make.gauge("jobs_in_progress", "Jobs running now.", ("queue",))
        errors = make.counter("queue_errors_total", "Calls to Redis that failed.", ("queue",))
        unknown = make.counter(
            "jobs_unknown_kind_total",
            "Times a job was left to a newer worker, because this release does not know its kind.",
            ("queue",),
        )
        self.wait = wait.labels(self._queue)
        self.running = running.labels(self._queue)
        self.queue_errors = errors.labels(self._queue)
        self.unknown_kind = unknown.labels(self._queue)
        self._duration = make.histogram(
            "job_duration_seconds", "From claimed to given back.", ("queue", "function")
        )
        self._ended = make.counter(
            "jobs_total",
            "Jobs given back, by how: done, deferred (not at fault), retried, dead, released (a stop), lost.",
            ("queue", "result"),
        )

    def ran(self, function: str, seconds: float) -> None:
        """Note how long a job function took."""
        self._duration.labels(self._queue, function).observe(seconds)

    def ended(self, result: str) -> None:
        """Count a job that was given back."""
        self._ended.labels(self._queue, result).inc()
