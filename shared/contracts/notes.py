"""What a customer wants to be known before a visit."""

from typing import Final

from shared.contracts.base import Answer, ButtonForm, Command, Contract, DraftRef, Spec

LONGEST_NOTE: Final = 500
"""Characters of a customer's note: with it, a card and an agenda still fit their messages."""


class AskNote(Command, kind="visits.ask_note"):
    """'Add a note' on a card: the question what should be known before the visit."""

    booking_id: int


class WriteNote(Command, kind="visits.write_note"):
    """The note that was asked for; without one, 'Remove the note' beside that question."""

    booking_id: int
    note: str | None = None


class RestoreNote(Command, kind="visits.restore_note"):
    """'Undo' under a changed note: the draft keeps the note as it was before."""

    draft: DraftRef


CONTRACT = Contract(
    "notes",
    (
        Spec(AskNote, ButtonForm("n?")),
        Spec(WriteNote, ButtonForm("n-", ("booking_id",)), answer=Answer("note", longest=LONGEST_NOTE)),
        Spec(RestoreNote, ButtonForm("nu")),
    ),
)
