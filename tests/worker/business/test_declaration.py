"""A field is declared once, and the rest follows; who forgets a step is told of which field."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import Phase, find, settings
from hypothesis.strategies import SearchStrategy

from tests.doubles import ManualClock
from tests.pages import documented
from tests.running import ROOT
from tests.worker.business.documents import changes_between, fields, values
from worker.business.apply import apply_document
from worker.business.document import (
    SECTIONS,
    Document,
    ExceptionEntry,
    LocationEntry,
    ResourceEntry,
    ServiceEntry,
    SpecialistEntry,
)
from worker.business.export import write_document
from worker.business.fields import FileEntry, field
from worker.business.periods import PeriodEntry
from worker.business.questions import QuestionEntry
from worker.business.reader import read_document
from worker.business.repository import read_business
from worker.business.singles import BusinessEntry, RolesEntry
from worker.business.skills import Skill
from worker.business.values import NAME
from worker.business.when import parse_validity
from worker.db.engine import Sessions
from worker.db.models.catalogue import Service

CLOCK = ManualClock(datetime(2026, 11, 25, 12, tzinfo=UTC))
GUIDE = ROOT / "docs" / "business-file.md"
ROW = re.compile(r"^\| `([a-z_\[\].]+)` \|.*$", re.MULTILINE)
BOOKKEEPING = {"business_id", "id", "position", "active", "specialist_id", "service_id", "place"}
"""Columns that the file fills by its order, by what it names, and by what stands where."""
DECLARED = {path: (kind, name) for path, kind, name, _ in fields()}
KEPT = [path for path, _, _, spec in fields() if not spec.passing]

WINTER = (PeriodEntry(when=parse_validity("11-01 to 03-31"), hours={}),)
DOCUMENT = Document(
    business=BusinessEntry(name="B", timezone="UTC", currency="EUR"),
    locations=(LocationEntry(name="Here", latitude=1.0, longitude=1.0),),
    resources=(ResourceEntry(name="Chair", count=2, periods=WINTER),),
    services=(
        ServiceEntry(
            name="Cut", duration=45, min_notice=0, questions=(QuestionEntry(ask="Why?"),), periods=WINTER
        ),
    ),
    specialists=(
        SpecialistEntry(name="Alice", exceptions=(ExceptionEntry(date=date(2026, 12, 24)),), periods=WINTER),
    ),
    roles=RolesEntry(),
)
GIVEN: Mapping[str, Any] = {
    "services[].questions[].type": "phone",
    "resources[].location": "Here",
    "services[].resources": ("Chair",),
    "specialists[].services": {"Cut": Skill(duration=90)},
    "specialists[].locations": {"Here": tuple(range(7))},
}
"""Values that no generator can know to be possible."""


def wrong_in_the_guide() -> list[str]:
    """Return what the guide's table lacks or says otherwise, and what it says of no field."""
    told = {match[1]: match[0] for match in ROW.finditer(GUIDE.read_text())}
    rows = {path: documented(path, spec) for path, _, _, spec in fields()}
    lacking = [f"{GUIDE.name} lacks: {row}" for path, row in rows.items() if told.get(path) != row]
    return lacking + [f"{path} is no field, but {GUIDE.name} has it" for path in told.keys() - rows.keys()]


def columns_without_a_field() -> list[str]:
    """Return the columns of entries that the file neither reads nor writes."""
    kinds = {kind for kind, _ in DECLARED.values()}
    return [
        f"{kind.__name__} has no field for the column {column.name}"
        for kind in kinds
        if kind.table is not None
        for column in kind.table.__table__.c
        if column.name not in kind.columns().keys() | BOOKKEEPING
    ]


def any_but(wanted: SearchStrategy[Any], others: tuple[object, ...]) -> object:
    """Return the first value that comes; what is simplest is not asked, as that costs a hundred tries."""
    return find(wanted, lambda value: value not in others, settings=settings(phases=[Phase.generate]))


def with_another(path: str) -> Document:
    """Return the document with another value in a field."""
    kind, name = DECLARED[path]
    section, listed = path.partition(".")[0].removesuffix("[]"), "[]" in path
    entry = getattr(DOCUMENT, section)[0] if listed else getattr(DOCUMENT, section)
    within = {ExceptionEntry: "exceptions", QuestionEntry: "questions", PeriodEntry: "periods"}.get(kind)
    inner = getattr(entry, within)[0] if within else entry
    old = getattr(inner, name)
    new = GIVEN[path] if path in GIVEN else any_but(values(kind, name), (old, None))
    changed = replace(inner, **{name: new})
    if within:
        changed = replace(entry, **{within: (changed,)})
    sections: dict[str, Any] = {section: (changed,) if listed else changed}
    return replace(DOCUMENT, **sections)


@pytest.mark.parametrize("path", KEPT)
async def test_a_field_is_told_kept_exported_and_read(sessions: Sessions, path: str) -> None:
    document = with_another(path)
    told = "\n".join(map(str, changes_between(DOCUMENT, document)))
    assert path.split(".")[1].removesuffix("[]") in told or "added" in told
    await apply_document(sessions, DOCUMENT, CLOCK)
    await apply_document(sessions, document, CLOCK)
    async with sessions.begin() as session:
        assert (await read_business(session)).document == document
    assert read_document(write_document(document).encode(), "x.yaml") == document


def test_the_guide_has_the_declaration_as_its_table() -> None:
    assert wrong_in_the_guide() == []


def test_the_page_on_slots_names_fields_of_a_service() -> None:
    named = re.findall(r"service's `(\w+)`", (ROOT / "docs" / "slots.md").read_text())
    assert set(named) >= {"min_notice", "horizon"}
    assert set(named) <= ServiceEntry.specs.keys()


def test_every_column_has_a_field() -> None:
    assert columns_without_a_field() == []


@pytest.mark.parametrize("path", DECLARED)
def test_a_field_gone_from_the_declaration_is_named(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kind, gone = DECLARED[path]
    left = {name: spec for name, spec in kind.specs.items() if name != gone}
    monkeypatch.setattr(kind, "specs", left)
    assert f"{path} is no field, but {GUIDE.name} has it" in wrong_in_the_guide()


def test_a_column_without_a_field_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    left = {name: spec for name, spec in ServiceEntry.specs.items() if name != "price"}
    monkeypatch.setattr(ServiceEntry, "specs", left)
    assert columns_without_a_field() == ["ServiceEntry has no field for the column price"]


def test_a_field_that_the_guide_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    tip = replace(ServiceEntry.specs["price"], name="tip")
    monkeypatch.setattr(ServiceEntry, "specs", {**ServiceEntry.specs, "tip": tip})
    row = f"| `services[].tip` | {tip.type.form} | {tip.meaning} | none |"
    assert wrong_in_the_guide() == [f"{GUIDE.name} lacks: {row}"]


def test_a_field_without_a_column_cannot_be_declared() -> None:
    with pytest.raises(TypeError, match=r"TippedEntry\.tip has no column tip"):

        class TippedEntry(FileEntry):
            table = Service
            tip: str = field(NAME, "what is left on top")


def test_a_field_cannot_be_declared_otherwise() -> None:
    with pytest.raises(TypeError, match=r"PlainEntry\.name is not declared with field"):

        class PlainEntry(FileEntry):
            table = Service
            name: str = "x"


def test_every_section_is_an_entry_or_a_list_of_them() -> None:
    assert SECTIONS.keys() == Document.specs.keys()
