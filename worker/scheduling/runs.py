"""Starts as ranges, and what is cut out of them."""

from collections.abc import Collection, Sequence

type Runs = Sequence[range]
"""Starts (Unix seconds) as ranges, none of them empty, in order, all on the grid of one stretch."""

type Blocked = tuple[int, int]
"""Starts that are refused: those strictly between the two; to touch is no overlap."""


def within(runs: Runs, first: int, last: int) -> Runs:
    """Return the starts from `first` to `last`, both included."""
    return [part for run in runs if (part := _part(run, first, last))]


def outside(runs: Runs, blocked: Sequence[Blocked]) -> Runs:
    """Return the starts that lie in none of the blocked stretches, which come in order."""
    left: list[range] = []
    for run in runs:
        free, last = run[0], run[-1]
        for after, before in blocked:
            if free <= after:
                if last <= after:
                    break
                left.append(_part(run, free, after))
            free = max(free, before)
        if free <= last:
            left.append(_part(run, free, last))
    return [part for part in left if part]


def but(blocked: Sequence[Blocked], starts: Collection[int]) -> Sequence[Blocked]:
    """Return the blocked stretches without these very starts; both come in order."""
    for start in starts:
        blocked = [
            part
            for after, before in blocked
            for part in ([(after, start), (start, before)] if after < start < before else [(after, before)])
        ]
    return blocked


def _part(run: range, first: int, last: int) -> range:
    begin, step = run.start, run.step
    if begin < first:
        begin = first + (begin - first) % step
    return range(begin, min(run.stop, last + 1), step)
