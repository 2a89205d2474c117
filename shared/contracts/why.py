"""Why a time is missing: a service, with whom, a day, and the time of day that somebody expected."""

from datetime import date
from typing import Final

from shared.contracts.base import Answer, ButtonForm, Command, Contract, Spec

LONGEST_TIME: Final = 20
"""Characters of a time of day as people write it."""


class ShowWhyServices(Command, kind="why.services", only_shows=True):
    """'Why is a time missing?': the services to choose from."""

    page: int = 0


class ShowWhySpecialists(Command, kind="why.specialists", only_shows=True):
    """The specialists who do the service, and 'Anyone'."""

    service_id: int
    page: int = 0


class ShowWhyDays(Command, kind="why.days", only_shows=True):
    """Five weeks of days to choose from: those that hold `first`, or begin with this one."""

    service_id: int
    specialist_id: int | None = None
    first: date | None = None


class AskWhyTime(Command, kind="why.ask_time"):
    """A day was chosen: the question which time of it is missing."""

    service_id: int
    specialist_id: int | None = None
    day: date


class ExplainTime(Command, kind="why.time"):
    """Why the time of day that was typed can be booked by nobody, or that it can."""

    service_id: int
    specialist_id: int | None = None
    day: date
    time: str = ""


CONTRACT = Contract(
    "why",
    (
        Spec(ShowWhyServices, ButtonForm("ws")),
        Spec(ShowWhySpecialists, ButtonForm("wp")),
        Spec(ShowWhyDays, ButtonForm("wd")),
        Spec(AskWhyTime, ButtonForm("wt?")),
        Spec(ExplainTime, answer=Answer("time", longest=LONGEST_TIME)),
    ),
)
