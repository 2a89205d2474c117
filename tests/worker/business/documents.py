"""Documents of every kind, drawn from the declaration: a new field is in them by itself."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any, get_type_hints

from babel.numbers import get_currency_precision
from hypothesis import strategies as st
from ruamel.yaml.error import StreamMark
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from shared.cleaning import name_key, tidy
from worker.business.changes import Change, compare
from worker.business.document import (
    LISTS,
    SECTIONS,
    Document,
    ExceptionEntry,
    LocationEntry,
    NamedEntry,
    ResourceEntry,
    ServiceEntry,
    SpecialistEntry,
)
from worker.business.fields import FieldSpec, FieldType, FileEntry, ValueKind
from worker.business.identity import match
from worker.business.money import HIGHEST
from worker.business.opening import Week, Windows
from worker.business.own_texts import OwnTexts, TextsEntry
from worker.business.periods import PeriodEntry, Periods
from worker.business.places import Whereabouts
from worker.business.questions import QuestionEntry
from worker.business.references import Names
from worker.business.singles import BusinessEntry, LimitsEntry, RolesEntry
from worker.business.skills import Skill
from worker.business.source import Cursor, Source, read_source
from worker.business.stored import StoredBusiness, StoredEntry
from worker.business.values import Day
from worker.deposit import Deposit
from worker.price import Price
from worker.scheduling.validity import MonthlyDay, Rhythm, Validity, YearDay

AWKWARD = (
    *("no", "2026-12-24", "09:00", "1e3", "null", "~", "a: b", "- x", "#1", "'", '"'),
    *("&a", "*a", "🏖 ∞", "<<", "Cut", "Colour", "Beard"),
)
CODES = ("all", "new", "Europe/Berlin", "UTC", "America/New_York", "EUR", "JPY", "en", "ru")

INSIDE: dict[str, type[FileEntry]] = {
    "exceptions": ExceptionEntry,
    "questions": QuestionEntry,
    "periods": PeriodEntry,
}
"""By field, the entries that it holds."""

letters = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))
words = st.sampled_from(AWKWARD) | st.text(letters, max_size=12).map(tidy).filter(bool)
own_words = st.lists(words | st.just("Hello {name}!"), min_size=1, max_size=3).map("\n".join)
minutes = st.integers(0, 100) | st.integers(0, 20_000)


# Strategies are made once: made anew for each draw they cost more than what is drawn.
@cache
def prices(decimals: int) -> st.SearchStrategy[Price]:
    """Return prices of each kind in a currency that has so many decimals."""
    amounts = st.decimals(0, HIGHEST, places=decimals) | st.sampled_from([Decimal(0), Decimal(35)])
    return st.builds(price_of, st.integers(0, 2), st.tuples(amounts, amounts).map(sorted))


@cache
def deposits(decimals: int) -> st.SearchStrategy[Deposit | None]:
    """Return deposits of each kind, or none, in a currency that has so many decimals."""
    amounts = st.decimals(1, 999, places=decimals)
    return st.none() | st.builds(Deposit, amount=amounts) | st.builds(Deposit, share=st.integers(1, 100))


def price_of(kind: int, bounds: list[Decimal]) -> Price:
    lowest, highest = bounds
    return (Price.exact(lowest), Price(lowest, None), Price(lowest, highest))[kind]


def every_other(edges: list[int]) -> Windows:
    return tuple(pair for index, pair in enumerate(pairwise(edges)) if index % 2 == 0)


windows = st.lists(st.integers(0, 1440), unique=True, max_size=6).map(sorted).map(every_other)


def whereabouts(places: Sequence[str]) -> st.SearchStrategy[Whereabouts]:
    """Return what may be said of where somebody works who has hours on any day: each day has a place."""
    week = st.tuples(*[st.sets(st.sampled_from(places), min_size=1)] * 7) if places else st.nothing()
    return st.just({}) | week.map(
        lambda days: {
            place: tuple(day for day, there in enumerate(days) if place in there)
            for place in places
            if any(place in there for there in days)
        }
    )


dates = st.dates(date(2026, 1, 1), date(2027, 12, 31))


year_days = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: YearDay(day.month, day.day))
monthly_days = st.builds(MonthlyDay, st.integers(0, 5), st.integers(0, 6))
PARTS: dict[str, st.SearchStrategy[Any]] = {
    "first": dates,
    "last": dates,
    "season": st.tuples(year_days, year_days),
    "rhythm": st.builds(Rhythm.of, st.integers(2, 52), dates),
    "monthly": st.lists(monthly_days, min_size=1, max_size=3, unique=True).map(sorted).map(tuple),
}
chosen = st.sets(st.sampled_from(sorted(PARTS)), min_size=1)


@st.composite
def validities(draw: st.DrawFn) -> Validity:
    """Return dates of each kind and of several at once, but no period without any."""
    parts = {name: draw(PARTS[name]) for name in sorted(draw(chosen))}
    if parts.keys() >= {"first", "last"}:
        parts["first"], parts["last"] = sorted((parts["first"], parts["last"]))
    return Validity(**parts)


weeks = st.dictionaries(st.integers(0, 6), windows.filter(bool))


def stored_as(document: Document) -> StoredBusiness:
    """Return what the database holds where just this document was applied to an empty one."""
    pairs = match(StoredBusiness(), document).pairs
    rows = {
        kind: [StoredEntry(place + 1, pair.entry, place) for place, pair in enumerate(pairs[kind])]
        for kind in LISTS.values()
    }
    return StoredBusiness(document, rows)


def changes_between(before: Document, after: Document) -> list[Change]:
    return compare(before, after, match(stored_as(before), after))


def cursor(text: str) -> Cursor:
    return read_source(text.encode(), "x.yaml")


def node(written: object) -> Node:
    """Return what YAML would make of a written value, without the way through text."""
    mark = StreamMark("x.yaml", 0, 0, 0)
    if isinstance(written, dict):
        pairs = [(node(key), node(value)) for key, value in written.items()]
        return MappingNode("", pairs, start_mark=mark)
    if isinstance(written, list):
        return SequenceNode("", [node(value) for value in written], start_mark=mark)
    return ScalarNode("", str(written), start_mark=mark, style='"')


def reread(type_: FieldType[Any], value: object) -> object:
    """Return what is read where a value has been written; raises ValueError where a file cannot hold it."""
    at = Cursor(Source("x.yaml"), node(type_.write(value)), 1)
    found: object = type_.read(at)
    if at.source.problems:
        raise ValueError(at.source.problems)
    return found


def fits(type_: FieldType[Any], value: object) -> bool:
    """Tell whether a file can hold just this value in a field of the type."""
    try:
        return value is None or reread(type_, value) == value
    except ValueError:
        return False


def fields() -> Iterator[tuple[str, type[FileEntry], str, FieldSpec]]:
    """Yield every field that holds no entries: its path, its entry, its name and what is declared of it."""
    for section, (kind, listed) in SECTIONS.items():
        for name, spec in kind.specs.items():
            path = f"{section}{'[]' if listed else ''}.{name}"
            yield path, kind, name, spec
            for inner, inner_spec in INSIDE[name].specs.items() if name in INSIDE else ():
                yield f"{path}[].{inner}", INSIDE[name], inner, inner_spec


def values(kind: type[FileEntry], name: str) -> st.SearchStrategy[Any]:
    """Return what a field may hold, by the type it is annotated with; made once, as each is costly."""
    return _values(kind, name)  # type: ignore[arg-type]  # mypy takes an entry's hash for its class's


@cache
def _values(kind: type[FileEntry], name: str) -> st.SearchStrategy[Any]:
    by_annotation: dict[Any, st.SearchStrategy[Any]] = {
        str: words,
        int: minutes,
        bool: st.booleans(),
        Price | None: st.none() | prices(4),
        Deposit | None: deposits(2),
        float | None: st.none() | st.floats(-90, 90).map(lambda degrees: round(degrees, 6)),
        int | None: st.none() | minutes,
        str | None: st.none() | words,
        tuple[int, ...]: st.lists(minutes, unique=True, max_size=4).map(sorted).map(tuple),
        Day: dates,
        Day | None: st.none() | dates,
        Windows: windows,
        Week: weeks,
        Validity: validities(),
        Periods: st.lists(validities(), unique=True, max_size=2).flatmap(periods),
        Whereabouts: st.just({}),
        Names: st.just(()),
        tuple[str, ...]: st.lists(words, unique_by=str.casefold, max_size=3).map(tuple),
        OwnTexts: st.dictionaries(st.sampled_from(("en", "ru")), own_words),
        tuple[QuestionEntry, ...]: st.lists(words, unique=True, max_size=2).flatmap(questions),
        tuple[ExceptionEntry, ...]: st.lists(dates, unique=True, max_size=3).flatmap(exceptions),
    }
    spec, possible = kind.specs[name], by_annotation[get_type_hints(kind)[name]]
    if spec.type.kind is ValueKind.QUESTION_TYPE:
        return st.sampled_from(spec.type.presets)
    if (kind, name) == (ResourceEntry, "location"):
        return st.none()
    if possible is words and not fits(spec.type, "Cut"):
        return st.sampled_from([code for code in CODES if fits(spec.type, code)] or list(spec.type.presets))
    return (possible | possible.map(reverse)).filter(lambda value: fits(spec.type, value))


def reverse(value: object) -> object:
    """Turn a list around: some are kept with the largest first."""
    return value[::-1] if isinstance(value, tuple) else value


def exceptions(days: list[date]) -> st.SearchStrategy[tuple[FileEntry, ...]]:
    return st.tuples(*(entries(ExceptionEntry, date=day) for day in sorted(days)))


def questions(asks: list[str]) -> st.SearchStrategy[tuple[FileEntry, ...]]:
    return st.tuples(*(entries(QuestionEntry, ask=ask) for ask in asks))


def periods(whens: list[Validity]) -> st.SearchStrategy[tuple[FileEntry, ...]]:
    return st.tuples(*(entries(PeriodEntry, when=when) for when in whens))


@st.composite
def entries(draw: st.DrawFn, /, kind: type[FileEntry], **fixed: object) -> Any:  # noqa: ANN401 - of that kind
    if issubclass(kind, NamedEntry):
        fixed = {"id": None, "was": None, **fixed}  # told of rows that are there: see test_identity
    drawn = {name: draw(values(kind, name)) for name in kind.specs if name not in fixed} | fixed
    for together, _ in list(kind.conflicts(drawn)):
        drawn |= {name: kind.specs[name].default for name in together}
    return kind(**drawn)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    def unique() -> list[str]:
        return draw(st.lists(values(ServiceEntry, "name"), unique_by=name_key, max_size=3))

    business, places, people = draw(entries(BusinessEntry)), unique(), unique()
    decimals = get_currency_precision(business.currency)
    priced = st.none() | prices(decimals)
    there = unique()
    some = st.sets(st.sampled_from(there)) if there else st.just(set[str]())
    offered = [
        draw(
            entries(
                ServiceEntry,
                name=name,
                price=draw(priced),
                deposit=draw(deposits(decimals)),
                resources=tuple(each for each in there if each in draw(some)),
            )
        )
        for name in unique()
    ]
    keys = [each.key for each in offered]
    terms = st.builds(Skill, duration=st.none() | st.integers(1, 20_000), price=priced)
    numbers = draw(st.lists(st.integers(1, 40), unique=True, min_size=len(people), max_size=len(people)))
    return Document(
        business=business,
        locations=tuple(draw(entries(LocationEntry, name=name)) for name in places),
        resources=tuple(
            draw(entries(ResourceEntry, name=name, location=draw(st.sampled_from([None, *places]))))
            for name in there
        ),
        services=tuple(offered),
        specialists=tuple(
            draw(
                entries(
                    SpecialistEntry,
                    name=name,
                    telegram_id=draw(st.sampled_from((number, None))),
                    services={each: draw(terms) for each in keys if draw(st.booleans())},
                    locations=draw(whereabouts(places)),
                )
            )
            for name, number in zip(people, numbers, strict=True)
        ),
        roles=draw(entries(RolesEntry)),
        texts=draw(entries(TextsEntry)),
        limits=draw(entries(LimitsEntry)),
    )
