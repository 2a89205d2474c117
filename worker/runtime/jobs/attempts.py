"""How often this process has deferred a job: it only paces the next try."""

REMEMBERED = 10_000


class Attempts:
    """Counts in memory: a deferred job may go on in another replica, and a count may be lost."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def count(self, job_id: str) -> int:
        """Count one more attempt and return how many there were."""
        if len(self._counts) >= REMEMBERED:
            self._counts.clear()
        self._counts[job_id] = self._counts.get(job_id, 0) + 1
        return self._counts[job_id]

    def forget(self, job_id: str) -> None:
        """Begin anew with a job that was done."""
        self._counts.pop(job_id, None)
