"""What a field of the business file is: one declaration that reading, writing, telling and keeping follow.

`document.py` declares the fields of each entry with `field(…)`.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Self, dataclass_transform

from shared.i18n.marking import Marked
from worker.business.naming import join_key
from worker.business.source import Cursor
from worker.business.wording import Wording
from worker.db.models.base import Base

type Row = Mapping[Any, Any]
"""Values of a row by column."""

APART = frozenset({"line"})
"""What an entry has beside the fields of the file."""


def same[T](value: T) -> T:
    """Return the value: it is written, kept or loaded as it is."""
    return value


class ValueKind(StrEnum):
    """In which way people say a value: the chat asks for it, offers and shows it accordingly."""

    TEXT = "text"
    DURATION = "duration"
    """In minutes."""
    DURATIONS = "durations"
    NUMBER = "number"
    PERSON = "person"
    """A Telegram id."""
    DEGREES = "degrees"
    SWITCH = "switch"
    PRICE = "price"
    DEPOSIT = "deposit"
    CHOICE = "choice"
    """One of a few words."""
    CURRENCY = "currency"
    ZONE = "zone"
    LANGUAGE = "language"
    DATE = "date"
    TIMES = "times"
    """The open times of one day."""
    WEEK = "week"
    """The open times of a week."""
    WEEKDAYS = "weekdays"
    VALIDITY = "validity"
    """The dates on which other hours hold."""
    QUESTION_TYPE = "question_type"
    """What answers a question that a service asks."""
    WORDS = "words"
    """Own words in lines, with placeholders."""
    CHOICES = "choices"
    """Answers to choose from."""


@dataclass(frozen=True, kw_only=True)
class FieldType[T]:
    """How one kind of value is read from the file, written into it, told of, and kept in a column."""

    form: str
    """What the file may hold, with the unit, for the docs."""
    read: Callable[[Cursor], T]
    """Raises UnfitError, or notes what is wrong inside the value."""
    write: Callable[[T], Any] = same
    """What YAML writes so that `read` returns the value."""
    show: Callable[[T], str] | None = None
    """The value in a line of text, where that is not what is written."""
    tell: Callable[[T, T], Iterable[str]] | None = None
    """What is different, where that is more than old and new; each text follows the field's name."""
    store: Callable[[T], Any] = same
    load: Callable[[Any], T] = same
    kind: ValueKind = ValueKind.TEXT
    said: Callable[[str], Any] = same
    """What the file would hold for the words in which a person says the value."""
    presets: Sequence[str] = ()
    """Usual values, in such words."""
    placeholders: Mapping[str, Marked] = dataclasses.field(default_factory=dict)
    """What a text may hold in braces, and what stands in its place."""

    def shown(self, value: T) -> str:
        """Say the value in a line of text."""
        if value is None or value == "":
            return "none"
        return self.show(value) if self.show else str(self.write(value))

    def told(self, old: T, new: T) -> Iterator[str]:
        """Say what is different."""
        yield from self.tell(old, new) if self.tell else [f": {self.shown(old)} → {self.shown(new)}"]


@dataclass(frozen=True, kw_only=True)
class EntryType[T](FieldType[T]):
    """An entry of its own, or a list of them, with a table of its own."""

    entry: type["FileEntry"]
    listed: bool


@dataclass(frozen=True, slots=True)
class MemberRows:
    """The table that keeps a field's value in rows, one for each member."""

    table: type[Base]
    key: str
    """The column that tells the members of one owner apart."""
    owner: str | None = None
    """The column with the id of the entry around; None where there is one such entry only."""
    named: type[Base] | None = None
    """The table whose ids `key` holds, where members are names in the file."""
    constant: tuple[tuple[str, str], ...] = ()
    """What the rows of this field have in common."""


@dataclass(frozen=True, kw_only=True)
class MembersType[T](FieldType[T]):
    """A value that is kept in rows of another table."""

    rows: MemberRows
    split: Callable[[T], dict[Any, Row]]
    """The members' other columns by key."""
    join: Callable[[Mapping[Any, Row]], T]
    keys: Sequence[Any] = ()
    """Which members there may be, where that is known for good."""
    key: FieldType[Any] | None = None
    """What people say to name a member, where it is neither known for good nor named by the file."""
    parts: Mapping[str, FieldType[Any]] = dataclasses.field(default_factory=dict)
    """What is said of one member, by column."""
    blank: Row = dataclasses.field(default_factory=dict)
    """The columns of a member of which nothing has been said yet."""
    offered: Callable[[], Sequence[Any]] | None = None
    """Members that people are offered to say something of; it is proposed as soon as it is said."""
    in_order: bool = False
    """Whether the members are a list that people put in order: their keys count from 1."""
    bounds: bool = False
    """Whether it only bounds what others say: nothing said bounds nothing."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """The declaration of one field."""

    type: FieldType[Any]
    meaning: str
    default: Any
    column: str | None
    unique: Wording | None
    passing: bool
    """Whether it is of use only while a file is read: it is not kept, and no difference."""
    name: str = ""

    @property
    def required(self) -> bool:
        """Whether the file has to name the field."""
        return self.default is dataclasses.MISSING

    def differs(self, old: "FileEntry", new: "FileEntry") -> bool:
        """Tell whether two entries differ in this field; rows have no order."""
        if self.passing:
            return False
        values = (getattr(old, self.name), getattr(new, self.name))
        before, after = map(self.type.split, values) if isinstance(self.type, MembersType) else values
        return bool(before != after)


def field[T](
    type_: FieldType[T],
    meaning: str,
    *,
    default: T = dataclasses.MISSING,  # type: ignore[assignment]  # what a field without a default has
    column: str | None = None,
    unique: Wording | None = None,
    passing: bool = False,
    compare: bool = True,
) -> T:
    """Declare a field: what it holds, what it means, and what it is if left out.

    `column` is its column where that has another name; `unique` refuses a value that another entry has;
    `passing` is not kept; what is not to `compare` leaves entries equal.
    """
    options: dict[str, Any] = {} if default is dataclasses.MISSING else {"default_factory": lambda: default}
    spec = FieldSpec(type_, meaning, default, column, unique, passing)
    declared: T = dataclasses.field(**options, compare=compare, metadata={"spec": spec})
    return declared


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
class FileEntry:
    """A mapping in the file. Raises TypeError for a field without a declaration or without a column."""

    __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[Any]]]
    specs: ClassVar[dict[str, FieldSpec]]
    label: ClassVar[Marked]
    """What one is called in messages."""
    table: ClassVar[type[Base] | None] = None
    named_by: ClassVar[tuple[str, ...]] = ("name",)
    """The fields, and columns, that tell one from its neighbours."""
    together: ClassVar[tuple[str, ...]] = ()
    """Fields that make sense only together: people are asked for all of them at once."""

    def __init_subclass__(cls, *, abstract: bool = False) -> None:
        dataclass(frozen=True, kw_only=True)(cls)
        declared = [] if abstract else [each for each in dataclasses.fields(cls) if each.name not in APART]
        cls.specs = {each.name: cls._spec(each) for each in declared}

    @classmethod
    def conflicts(cls, values: Row) -> Iterable[tuple[Sequence[str], Wording]]:
        """Return what does not fit together, with the fields to name, the first that the file has.

        `values` lacks fields that could not be read.
        """
        del values
        return ()

    @classmethod
    def key_of(cls, values: Row) -> str:
        """Return what others in the file call an entry with these values: its name, 'Category/Name'."""
        return join_key(values.get(name) for name in cls.named_by)

    @property
    def key(self) -> str:
        """What others in the file call it."""
        return self.key_of({name: getattr(self, name, "") for name in self.named_by})

    @classmethod
    def read(cls, values: Mapping[str, Any], line: int) -> Self:
        """Make an entry of what stands in the file from that line on."""
        del line
        return cls(**values)

    @classmethod
    def columns(cls) -> dict[str, FieldSpec]:
        """Return the fields that are kept in the entry's own row, by column."""
        return {spec.column: spec for spec in cls.specs.values() if spec.column}

    @classmethod
    def from_rows(cls, row: Row, members: Mapping[str, Mapping[Any, Row]]) -> Self:
        """Make an entry of its row and, by field, of the rows of its members."""
        values = {spec.name: spec.type.load(row[column]) for column, spec in cls.columns().items()}
        for name, spec in cls.specs.items():
            if isinstance(spec.type, MembersType):
                values[name] = spec.type.join(members[name])
        return cls(**values)

    def row(self) -> dict[str, Any]:
        """Return the entry's own row."""
        return {name: spec.type.store(getattr(self, spec.name)) for name, spec in self.columns().items()}

    @classmethod
    def _spec(cls, declared: dataclasses.Field[Any]) -> FieldSpec:
        if "spec" not in declared.metadata:
            raise TypeError(f"{cls.__name__}.{declared.name} is not declared with field()")
        spec: FieldSpec = dataclasses.replace(declared.metadata["spec"], name=declared.name)
        if isinstance(spec.type, (EntryType, MembersType)) or spec.passing:
            return spec
        column = spec.column or spec.name
        if cls.table is None or column not in cls.table.__table__.c:
            raise TypeError(f"{cls.__name__}.{spec.name} has no column {column} to be kept in")
        return dataclasses.replace(spec, column=column)
