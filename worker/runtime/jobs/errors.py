"""What a job function raises to have its job tried again without being at fault."""

from dataclasses import dataclass


@dataclass
class DeferJobError(Exception):
    """The job goes on after `seconds`, with its new payload if it has one; no try is counted.

    It is first among the ready jobs then, as it was due before them.
    """

    seconds: float
    reason: str
    payload: bytes | None = None
