"""The type of the field that says what a specialist does, and where their time or price is another."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import MappingNode

from shared.cleaning import tidy
from worker.business.fields import FieldType, FileEntry, MemberRows, MembersType, Row
from worker.business.lists import MOST, on_one_line, read_each, read_reference, refuse_unknown
from worker.business.money import PRICE
from worker.business.problems import NotedError, UnfitError
from worker.business.source import Cursor
from worker.business.wording import Wording
from worker.price import Price

FORM: Final = "list of names of services; where it differs `{name: Colour, duration: 90m, price: {from: 70}}`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """What differs from the service with one specialist; None is as the service says."""

    duration: int | None = None
    """Minutes."""
    price: Price | None = None


AS_OFFERED = Skill()

type Skills = dict[str, Skill]
"""What a specialist does, by the services' keys."""


def skills(
    entry: type[FileEntry], name: FieldType[str], length: FieldType[int], rows: MemberRows
) -> MembersType[Skills]:
    """Make the type of services by key, each a row with what differs."""
    return MembersType(
        form=FORM,
        read=lambda at: _read(at, entry, name, length),
        write=partial(_write, length),
        show=lambda value: ", ".join(value) or "none",
        tell=partial(_tell, length),
        rows=rows,
        split=lambda value: {key: _row(skill) for key, skill in value.items()},
        join=lambda members: {key: _load(row) for key, row in members.items()},
        parts={"duration": length, "price": PRICE},
        blank=_row(AS_OFFERED),
    )


def _row(skill: Skill) -> Row:
    return {"duration": skill.duration, "price": PRICE.store(skill.price)}


def _load(row: Row) -> Skill:
    return Skill(duration=row["duration"], price=PRICE.load(row["price"]))


def _read(at: Cursor, entry: type[FileEntry], name: FieldType[str], length: FieldType[int]) -> Skills:
    readers: dict[str, Callable[[Cursor], Any]] = {
        "name": partial(read_reference, entry, name),
        "duration": length.read,
        "price": PRICE.read,
    }
    found: Skills = {}

    def read_one(inner: Cursor) -> None:
        key, differing = _read_one(inner, readers)
        if key in found:
            raise UnfitError(Wording.REPEATED_REFERENCE, key)
        found[key] = Skill(**differing)

    read_each(at.items(), read_one, MOST)
    return {key: found[key] for key in at.source.names[entry] if key in found}


def _read_one(at: Cursor, readers: Mapping[str, Callable[[Cursor], Any]]) -> tuple[str, dict[str, Any]]:
    """Read a service's name, or a mapping with it; what is wrong with a field is noted at the field."""
    places = at.fields() if isinstance(at.node, MappingNode) else {"name": at}
    refuse_unknown(places, readers)
    if "name" not in places:
        raise UnfitError(Wording.SKILL_WITHOUT_A_NAME)
    given = [name for name in readers if name in places]
    values: dict[str, Any] = {}
    for name in given:
        with places[name].noting():
            values[name] = readers[name](places[name])
    if len(values) < len(given):
        raise NotedError
    return values.pop("name"), values


def _write(length: FieldType[int], value: Mapping[str, Skill]) -> CommentedSeq:
    return on_one_line(CommentedSeq([_written(length, key, skill) for key, skill in value.items()]))


def _written(length: FieldType[int], key: str, skill: Skill) -> Any:  # noqa: ANN401 - a name or a mapping
    if skill == AS_OFFERED:
        return tidy(key)
    differing: dict[str, Any] = {"name": tidy(key)}
    if skill.duration is not None:
        differing["duration"] = length.write(skill.duration)
    if skill.price is not None:
        differing["price"] = PRICE.write(skill.price)
    return on_one_line(CommentedMap(differing))


def _tell(length: FieldType[int], old: Mapping[str, Skill], new: Mapping[str, Skill]) -> Iterator[str]:
    changes = {
        "added": [key for key in new if key not in old],
        "removed": [key for key in old if key not in new],
    }
    if any(changes.values()):
        yield ": " + "; ".join(f"{verb} {', '.join(keys)}" for verb, keys in changes.items() if keys)
    for key, skill in new.items():
        if old.get(key, AS_OFFERED) != skill:
            yield f", {key}: {_said(length, old.get(key, AS_OFFERED))} → {_said(length, skill)}"


def _said(length: FieldType[int], skill: Skill) -> str:
    said = [
        length.shown(skill.duration) if skill.duration is not None else "",
        PRICE.shown(skill.price) if skill.price is not None else "",
    ]
    return ", ".join(filter(None, said)) or "as offered"
