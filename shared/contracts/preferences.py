"""What a person wants to be told, and when."""

from typing import Final

from shared.contracts.base import ButtonForm, Command, Contract, Spec

MOST_DIGESTS: Final = 4
"""So many digests a day: more of them are hardly fewer messages."""

A_DAY: Final = 24 * 60
"""Minutes; times of day are so many after midnight, on the business's wall clock."""


class SetAfterVisits(Command, kind="preferences.after_visits"):
    """Whether the business may write after a visit: how it was, and when to come again."""

    on: bool


class ShowDigest(Command, kind="preferences.show_digest", only_shows=True):
    """'News of visits' in a staff member's settings: at once, or together at chosen hours."""


class SetDigest(Command, kind="preferences.set_digest"):
    """An hour at which news come together, or not any more."""

    minute: int
    on: bool


class TellAtOnce(Command, kind="preferences.at_once"):
    """'At once': no digest any more."""


class ShowQuietHours(Command, kind="preferences.show_quiet", only_shows=True):
    """'Quiet hours' in a staff member's settings."""


class SetQuietHours(Command, kind="preferences.set_quiet"):
    """From when until when no news come; the same twice is never."""

    begin: int
    end: int


class ShowEvening(Command, kind="preferences.show_evening", only_shows=True):
    """'Evening summary' in a staff member's settings."""


class SetEvening(Command, kind="preferences.set_evening"):
    """At what time the next day's visits come; None is not at all."""

    minute: int | None = None


class SendEvening(Command, kind="preferences.send_evening"):
    """It is the time of somebody's evening summary. A timer asks for it."""

    person_id: int


CONTRACT = Contract(
    "preferences",
    (
        Spec(SetAfterVisits, ButtonForm("pav")),
        Spec(ShowDigest, ButtonForm("pdg?")),
        Spec(SetDigest, ButtonForm("pdg")),
        Spec(TellAtOnce, ButtonForm("pao")),
        Spec(ShowQuietHours, ButtonForm("pqh?")),
        Spec(SetQuietHours, ButtonForm("pqh")),
        Spec(ShowEvening, ButtonForm("pev?")),
        Spec(SetEvening, ButtonForm("pev")),
        Spec(SendEvening),
    ),
)
