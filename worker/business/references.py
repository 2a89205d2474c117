"""What must fit together across a business file.

It looks at the plain values, because it must find what it can in a file that is wrong elsewhere too.
"""

from collections.abc import Iterator
from unicodedata import normalize

from worker.business.durations import parse_duration
from worker.business.problems import Complaint, Path, cut, did_you_mean
from worker.business.source import Plain
from worker.business.values import YES

DEFAULT_NOTICE = "2h"
DEFAULT_HORIZON = "60d"


def unsound(content: Plain) -> Iterator[Complaint]:
    """Yield what does not fit together."""
    for kind in ("locations", "services", "specialists"):
        yield from _repeated(_values(content, kind, "name"), "is the name of another one already")
    numbers = ((path, value.lstrip("+0")) for path, value in _values(content, "specialists", "telegram_id"))
    yield from _repeated(numbers, "belongs to another specialist already")
    yield from _unknown_services(content)
    for index, specialist in _entries(content, "specialists"):
        path: Path = ("specialists", index)
        dates = _values(specialist, "exceptions", "date")
        yield from _repeated((((*path, *way), day) for way, day in dates), "has an exception already")
    yield from _unreachable_services(content)
    yield from _half_places(content)
    yield from _approvals(content)


def _entries(content: Plain, kind: str) -> Iterator[tuple[int, dict[str, Plain]]]:
    entries = content.get(kind) if isinstance(content, dict) else None
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield index, entry


def _values(content: Plain, kind: str, key: str) -> Iterator[tuple[Path, str]]:
    for index, entry in _entries(content, kind):
        value = entry.get(key)
        if isinstance(value, str):
            yield (kind, index, key), _same(value)


def _same(name: str) -> str:
    return normalize("NFC", name).strip()


def _repeated(values: Iterator[tuple[Path, str]], message: str) -> Iterator[Complaint]:
    seen: set[str] = set()
    for path, value in values:
        if value in seen:
            yield path, f"'{cut(value)}' {message}"
        seen.add(value)


def _unknown_services(content: Plain) -> Iterator[Complaint]:
    known = {name for _, name in _values(content, "services", "name")}
    for index, specialist in _entries(content, "specialists"):
        wanted = specialist.get("services")
        seen: set[str] = set()
        for place, value in enumerate(wanted if isinstance(wanted, list) else ()):
            if not isinstance(value, str):
                continue
            name, path = _same(value), ("specialists", index, "services", place)
            if name not in known:
                yield path, f"'{cut(name)}' is not a service of this file{did_you_mean(name, known)}"
            elif name in seen:
                yield path, f"'{cut(name)}' stands in this list twice"
            seen.add(name)


def _unreachable_services(content: Plain) -> Iterator[Complaint]:
    for index, service in _entries(content, "services"):
        notice = _minutes(service.get("min_notice", DEFAULT_NOTICE))
        horizon = _minutes(service.get("horizon", DEFAULT_HORIZON))
        if notice is not None and horizon is not None and horizon <= notice:
            key = "horizon" if "horizon" in service else "min_notice"
            yield ("services", index, key), "leaves no time to book: horizon must be longer than min_notice"


def _half_places(content: Plain) -> Iterator[Complaint]:
    for index, location in _entries(content, "locations"):
        given = [key for key in ("latitude", "longitude") if location.get(key) is not None]
        if len(given) == 1:
            yield ("locations", index, given[0]), "needs the other of latitude and longitude beside it"


def _approvals(content: Plain) -> Iterator[Complaint]:
    for index, service in _entries(content, "services"):
        value = service.get("approval")
        if isinstance(value, str) and value.strip().casefold() in YES:
            yield ("services", index, "approval"), "bookings that wait for approval are not there yet"


def _minutes(value: Plain) -> int | None:
    try:
        return parse_duration(value) if isinstance(value, str) else None
    except ValueError:
        return None
