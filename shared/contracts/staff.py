"""The day of the people who work here."""

from datetime import date

from pydantic import Field

from shared.contracts.base import Audience, ButtonForm, Command, Contract, Spec, Typed
from shared.i18n.marking import text_noop


class ShowAgenda(Command, kind="staff.agenda", only_shows=True):
    """/today and /week of staff: `days` from `first` (None is today)."""

    days: int = Field(1, ge=1, le=7)
    first: date | None = None


CONTRACT = Contract(
    "staff",
    (
        Spec(
            ShowAgenda,
            ButtonForm("ag"),
            (
                Typed("today", text_noop("The visits of today"), Audience.STAFF),
                Typed("week", text_noop("The visits of seven days"), Audience.STAFF, fields={"days": 7}),
            ),
        ),
    ),
)
