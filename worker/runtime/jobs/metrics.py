"""What operators ask of the jobs."""

from prometheus_client import CollectorRegistry

from shared.metrics import Instruments


class JobMetrics:
    """Counts jobs of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        make = Instruments(registry)
        self.wait = make.histogram("job_wait_seconds", "From due to claimed.", ("queue",))
        self.duration = make.histogram(
            "job_duration_seconds", "From claimed to given back.", ("queue", "function")
        )
        self.finished = make.counter(
            "jobs_total",
            "Jobs given back, by how: done, deferred (an outage), retried, dead, released (a stop), lost.",
            ("queue", "result"),
        )
        self.running = make.gauge("jobs_in_progress", "Jobs running now.", ("queue",))
        self.queue_errors = make.counter("queue_errors_total", "Calls to Redis that failed.", ("queue",))
