"""From nothing to a shop: what the owner is asked while no business file has been applied."""

from enum import StrEnum
from typing import Final

from shared.contracts.base import Answer, ButtonForm, Command, Contract, Spec
from shared.contracts.chat import SharedLocation

LONGEST_ANSWER: Final = 500
"""Characters; what a field of the business file takes is less, and its own rules say so."""


class SetupStep(StrEnum):
    """What the guided set-up asks for, in the order in which it does."""

    NAME = "name"
    ZONE = "zone"
    ADDRESS = "address"
    """Asked by itself only where the place is on the map already."""
    SERVICE = "service"
    DURATION = "duration"
    PRICE = "price"
    WHO = "who"
    HOURS = "hours"
    HOLIDAYS = "holidays"
    CURRENCY = "currency"
    """Follows from the zone; asked for only when somebody wants another one."""
    LANGUAGE = "language"
    """As the currency."""


class ShowSetup(Command, kind="setup.show"):
    """'Set it up', and the way to one of its questions; without a step to the first that is open."""

    step: str = ""


class ShowSetupZones(Command, kind="setup.zones", only_shows=True):
    """The time zones of a part of the world, a page at a time."""

    region: str
    page: int = 0


class ChooseTemplate(Command, kind="setup.template"):
    """A trade was chosen: its usual first service."""

    template: str


class AnswerSetup(Command, kind="setup.answer"):
    """A question of the set-up is answered, by a button or in words; an empty answer skips it."""

    step: str
    value: str = ""
    place: SharedLocation | None = None
    """A location that was shared in place of words."""


class ApplySetup(Command, kind="setup.apply"):
    """'Apply' under the summary: the shop opens as it was shown."""

    seen: int
    """The version of the draft that was shown."""


CONTRACT = Contract(
    "setup",
    (
        Spec(ShowSetup, ButtonForm("su")),
        Spec(ShowSetupZones, ButtonForm("suz")),
        Spec(ChooseTemplate, ButtonForm("sut")),
        Spec(
            AnswerSetup,
            ButtonForm("su=", ("step", "value")),
            answer=Answer("value", longest=LONGEST_ANSWER, location="place"),
        ),
        Spec(ApplySetup, ButtonForm("su!")),
    ),
)
