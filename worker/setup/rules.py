"""What the set-up's answers make of a business file. What fits, the file's own reader says."""

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Self

from babel.core import get_global
from babel.languages import get_official_languages
from babel.numbers import get_territory_currencies

from shared.contracts.setup import SetupStep
from shared.i18n.translator import load_translators
from worker.business.problems import RefusedFileError
from worker.holidays.rules import country_of_zone

if TYPE_CHECKING:
    from worker.business.document import Document
    from worker.business.fields import ValueKind

type Tree = dict[str, Any]
"""A business file as YAML has it: mappings, lists and texts."""

ON_REQUEST: Final = frozenset({SetupStep.CURRENCY, SetupStep.LANGUAGE})
"""What follows from the zone, and is asked for only by whom that does not suit."""
ORDER: Final = tuple(step for step in SetupStep if step not in ON_REQUEST)
OF_THE_SERVICE: Final = frozenset({SetupStep.DURATION, SetupStep.PRICE})
MYSELF: Final = "@"
"""The answer that the owner is who does it."""
STILL_OPEN: Final = {"name": "?", "timezone": "UTC", "currency": "EUR"}
"""What stands for what the file needs, while answers are tried."""
AS_USUAL: Final = "-"
"""The answer that holidays are days like all others."""
FIRST_DURATION: Final = "1h"
"""Of a service by hand, until it is said."""


class Template(StrEnum):
    """Trades with a usual first service."""

    BARBER = "barber"
    NAILS = "nails"
    MASSAGE = "massage"
    CLINIC = "clinic"
    TUTOR = "tutor"
    PHOTOGRAPHER = "photographer"


DURATIONS: Final[Mapping[Template, str]] = {
    Template.BARBER: "45m",
    Template.NAILS: "1h30m",
    Template.MASSAGE: "1h",
    Template.CLINIC: "30m",
    Template.TUTOR: "1h",
    Template.PHOTOGRAPHER: "2h",
}


@dataclass(frozen=True, slots=True)
class SetupForm:
    """The set-up so far: a business file in the making, and what has been answered or skipped."""

    tree: Tree
    asked: Sequence[SetupStep] = ()
    owner_name: str = ""
    """What the person who fills it in is called."""

    @classmethod
    def begun_by(cls, person_id: int, name: str, language: str) -> Self:
        """Begin the file of a business whose owner is also who works in it."""
        specialist = {"name": name, "telegram_id": str(person_id), "services": []}
        return cls(
            {
                "business": {"language": language},
                "services": [],
                "specialists": [specialist],
                "roles": {"owner": [str(person_id)]},
            },
            owner_name=name,
        )

    @staticmethod
    def kinds() -> "Mapping[SetupStep, ValueKind]":
        """Return the kinds of values that are said in more than one way."""
        from worker.business.fields import ValueKind  # noqa: PLC0415 - only a shop that opens pays for it

        return {
            SetupStep.ZONE: ValueKind.ZONE,
            SetupStep.DURATION: ValueKind.DURATION,
            SetupStep.PRICE: ValueKind.PRICE,
            SetupStep.HOURS: ValueKind.WEEK,
        }

    @property
    def business(self) -> Mapping[str, str]:
        """What is said of the business itself."""
        found: Mapping[str, str] = self.tree["business"]
        return found

    @property
    def service(self) -> Mapping[str, str] | None:
        """The first service, if there is one."""
        return next(iter(self.tree["services"]), None)

    @property
    def missing(self) -> list[SetupStep]:
        """What no business can do without."""
        needed = {SetupStep.NAME: "name", SetupStep.ZONE: "timezone", SetupStep.CURRENCY: "currency"}
        return [step for step, name in needed.items() if name not in self.business]

    @property
    def next_step(self) -> SetupStep | None:
        """The first question that is open; None where all have been answered or skipped."""
        return next((step for step in self.path if step not in self.asked), None)

    @property
    def path(self) -> list[SetupStep]:
        """The questions that are asked one after the other."""
        return [step for step in ORDER if self.asks(step) and (step != SetupStep.ADDRESS or self.has_point)]

    @property
    def has_point(self) -> bool:
        """Whether the place is on the map."""
        return any("latitude" in place for place in _places(self))

    @property
    def country(self) -> str | None:
        """The country of the zone, if its public holidays are known."""
        return country_of_zone(self.business.get("timezone", ""))

    def asks(self, step: SetupStep) -> bool:
        """Tell whether a question makes sense by now: what a service takes and costs needs one."""
        if step is SetupStep.HOLIDAYS:
            return self.country is not None
        return self.service is not None or step not in OF_THE_SERVICE

    @property
    def document(self) -> "Document":
        """The business file as it stands, with something in place of what it lacks.

        Raises RefusedFileError where it describes no business.
        """
        from worker.business.reader import read_document  # noqa: PLC0415 - only a shop that opens pays for it

        filled = {**self.tree, "business": {**STILL_OPEN, **self.business}}
        return read_document(json.dumps(filled, ensure_ascii=False).encode(), "setup")

    @property
    def fits(self) -> bool:
        """Whether it describes a business so far."""
        try:
            return self.document is not None
        except RefusedFileError:
            return False

    def answered(self, step: SetupStep, value: str) -> Self | None:
        """Return the form with an answer; None for one that the file does not take. Nothing is a skip."""
        form = replace(self, tree=deepcopy(self.tree), asked=[*dict.fromkeys([*self.asked, step])])
        if value:
            _put(form, step, value.strip())
        return form if form.fits else None

    def located(self, zone: str, latitude: float, longitude: float) -> Self | None:
        """Return the form of a shop at a point, in degrees, whose clock is the zone's."""
        form = self.answered(SetupStep.ZONE, zone)
        if form is not None:
            point = {"latitude": f"{latitude:.6f}", "longitude": f"{longitude:.6f}"}
            form.tree["locations"] = [{**_place(form), **point}]
        return form if form is not None and form.fits else None

    def with_template(self, name: str, template: Template) -> Self | None:
        """Return the form with a trade's first service; None where its name is none the file takes."""
        form = self.answered(SetupStep.SERVICE, name)
        return form and form.answered(SetupStep.DURATION, DURATIONS[template])


def _put(form: SetupForm, step: SetupStep, value: str) -> None:
    specialist = form.tree["specialists"][0]
    match step:
        case SetupStep.SERVICE:
            _put_service(form, name=value)
        case SetupStep.DURATION:
            _put_service(form, duration=f"{value}m" if value.isdecimal() else value)
        case SetupStep.PRICE:
            _put_service(form, price=value)
        case SetupStep.WHO if value == MYSELF:
            specialist |= {"name": form.owner_name, "telegram_id": form.tree["roles"]["owner"][0]}
        case SetupStep.WHO:
            specialist.pop("telegram_id", None)
            specialist["name"] = value
        case SetupStep.HOURS:
            specialist["hours"] = value
        case SetupStep.HOLIDAYS:
            days = [] if value == AS_USUAL else value.split(",")
            specialist["exceptions"] = [{"date": day, "hours": []} for day in days]
        case _:
            _put_of_the_business(form, step, value)


def _put_of_the_business(form: SetupForm, step: SetupStep, value: str) -> None:
    business = form.tree["business"]
    match step:
        case SetupStep.NAME:
            business["name"] = value
            for place in _places(form):
                place["name"] = value
        case SetupStep.ZONE:
            _put_zone(form, value)
        case SetupStep.ADDRESS:
            form.tree["locations"] = [{**_place(form), "address": value}]
        case SetupStep.CURRENCY:
            business["currency"] = value.upper()
        case SetupStep.LANGUAGE:
            business["language"] = value


def _put_zone(form: SetupForm, zone: str) -> None:
    """Take with it what follows from the zone's country, unless something else was chosen."""
    business, before = form.tree["business"], form.business.get("timezone", "")
    usual = currency_of(zone)
    if usual is not None and business.get("currency") == currency_of(before):
        business["currency"] = usual
    if SetupStep.LANGUAGE not in form.asked:
        business["language"] = language_of(zone, business["language"])
    business["timezone"] = zone
    if country_of_zone(zone) != country_of_zone(before):
        form.tree["specialists"][0].pop("exceptions", None)
    for place in _places(form):
        place.pop("latitude", None)
        place.pop("longitude", None)


def _places(form: SetupForm) -> list[Tree]:
    found: list[Tree] = form.tree.get("locations", [])
    return found


def _place(form: SetupForm) -> Tree:
    """Return the place where visits happen, as far as it was said: it is called as the shop is."""
    there = next(iter(_places(form)), {})
    return {"name": form.business.get("name", STILL_OPEN["name"]), **there}


def _put_service(form: SetupForm, **values: str) -> None:
    service = {"duration": FIRST_DURATION, **(form.service or {}), **values}
    form.tree["services"] = [service]
    form.tree["specialists"][0]["services"] = [service["name"]]


def currency_of(zone: str) -> str | None:
    """Return what people of a zone's country pay with; None for a zone of no country."""
    country = get_global("zone_territories").get(zone)
    return next(iter(get_territory_currencies(country)), None) if country else None


def language_of(zone: str, own: str) -> str:
    """Return in which language a shop speaks to whose own is not there: that of its country, if Bellhop does.

    Where several are spoken, and where none is, that is the owner's own.
    """
    country = get_global("zone_territories").get(zone)
    official = get_official_languages(country, de_facto=True) if country else ()
    spoken = {texts.language for texts in load_translators().all() if texts.complete}
    return own if own in official else next((each for each in official if each in spoken), own)
