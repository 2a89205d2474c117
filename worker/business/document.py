"""The business file as a value: what it may hold, what may be left out, and what that then means."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from worker.business.hours import Week, Windows, read_week, read_windows
from worker.business.values import (
    Ahead,
    Capacity,
    Currency,
    Day,
    Horizon,
    Language,
    Latitude,
    Length,
    Longitude,
    Name,
    OptionalTelegramNumber,
    Pause,
    Price,
    Reminder,
    Switch,
    TelegramNumber,
    Text,
    Zone,
)

MOST = 500
MOST_REMINDERS = 10


class Part(BaseModel):
    """A mapping in the file: a key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class BusinessPart(Part):
    """The business itself."""

    name: Name
    timezone: Zone
    currency: Currency
    language: Language = "en"


class LocationPart(Part):
    """A place where visits happen."""

    name: Name
    address: Text = ""
    latitude: Latitude = None
    longitude: Longitude = None


class ServicePart(Part):
    """What is booked; durations in minutes."""

    name: Name
    duration: Length
    price: Price = Decimal(0)
    buffer_before: Pause = 0
    buffer_after: Pause = 0
    step: Length = 15
    min_notice: Ahead = 120
    horizon: Horizon = 60 * 1440
    cancel_until: Ahead = 1440
    capacity: Capacity = 1
    approval: Switch = False
    reminders: Annotated[tuple[Reminder, ...], Field(max_length=MOST_REMINDERS)] = (1440, 120)

    @field_validator("reminders")
    @classmethod
    def _longest_first(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(sorted(set(value), reverse=True))


DURATIONS = ("duration", "buffer_before", "buffer_after", "step", "min_notice", "horizon", "cancel_until")


class ExceptionPart(Part):
    """A specialist's hours on one date; none is a day off."""

    date: Day
    hours: Annotated[Windows, BeforeValidator(read_windows)] = ()


class SpecialistPart(Part):
    """Who does it, and when."""

    name: Name
    telegram_id: OptionalTelegramNumber = None
    services: Annotated[tuple[Name, ...], Field(max_length=MOST)] = ()
    hours: Annotated[Week, BeforeValidator(read_week)] = {}
    exceptions: tuple[ExceptionPart, ...] = ()

    @field_validator("exceptions")
    @classmethod
    def _in_order(cls, value: tuple[ExceptionPart, ...]) -> tuple[ExceptionPart, ...]:
        return tuple(sorted(value, key=lambda exception: exception.date))


class RolesPart(Part):
    """Who may administer, by Telegram id."""

    owner: tuple[TelegramNumber, ...] = ()
    admin: tuple[TelegramNumber, ...] = ()

    @field_validator("owner", "admin")
    @classmethod
    def _sorted(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(sorted(set(value)))


class Document(Part):
    """The whole file."""

    business: BusinessPart
    locations: Annotated[tuple[LocationPart, ...], Field(max_length=MOST)] = ()
    services: Annotated[tuple[ServicePart, ...], Field(max_length=MOST)] = ()
    specialists: Annotated[tuple[SpecialistPart, ...], Field(max_length=MOST)] = ()
    roles: RolesPart = RolesPart()


PARTS: dict[tuple[str, ...], type[Part]] = {
    (): Document,
    ("business",): BusinessPart,
    ("locations",): LocationPart,
    ("services",): ServicePart,
    ("specialists",): SpecialistPart,
    ("specialists", "exceptions"): ExceptionPart,
    ("roles",): RolesPart,
}
"""The part that stands at a path, places in lists left out."""
