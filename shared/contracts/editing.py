"""Changing the business in the chat: whatever its file holds, entry by entry and field by field."""

from typing import Final

from shared.contracts.base import Answer, ButtonForm, Command, Contract, DraftRef, Spec

LONGEST_ANSWER: Final = 2000
"""Characters; what a field of the business file takes is less, and its own rules say so."""
LONGEST_WORDS: Final = 500
NEW: Final = 0
"""The number of an entry that is still to come, and of one of which there is only one."""


class ShowSection(Command, kind="editing.section", only_shows=True):
    """The entries of a part of the business; with a field, the way to that field of each."""

    section: str
    field: str = ""
    page: int = 0


class ShowEntry(Command, kind="editing.entry", only_shows=True):
    """An entry with its fields and what they hold."""

    section: str
    number: int = NEW


class AskField(Command, kind="editing.ask"):
    """A field was tapped, or one of the members that it holds, or a detail of that member."""

    section: str
    number: int = NEW
    field: str
    member: str = ""
    detail: str = ""
    page: int = 0
    """Of the members."""


class AnswerField(Command, kind="editing.answer"):
    """What a field, a member of it or a detail of that is to be; an empty answer is what it usually is."""

    section: str
    number: int = NEW
    field: str
    member: str = ""
    detail: str = ""
    value: str = ""


class ProposeEntry(Command, kind="editing.propose"):
    """'Done' under the members of a field: what would change."""

    section: str
    number: int = NEW


class AddEntry(Command, kind="editing.add"):
    """'Add': a new entry, beginning with what it cannot do without."""

    section: str


class RemoveEntry(Command, kind="editing.remove"):
    """'Remove': the business is to be without it."""

    section: str
    number: int


class MoveEntry(Command, kind="editing.move"):
    """An entry is to be further up its list, or further down."""

    section: str
    number: int
    down: bool = False


class ChooseFate(Command, kind="editing.choose"):
    """What becomes of visits that a change hits was chosen."""

    draft: DraftRef
    choice: str


class AskWords(Command, kind="editing.ask_words"):
    """Visits are to be cancelled with a word: which one is asked."""

    draft: DraftRef


class AnswerWords(Command, kind="editing.answer_words"):
    """The word to the customers whose visits a change cancels."""

    draft: DraftRef
    words: str = ""


class ApplyChange(Command, kind="editing.apply"):
    """'Apply' under what a change would do."""

    draft: DraftRef
    offers: bool = False
    """Whether customers whose visits are outside the new hours are offered other times."""


class DiscardChange(Command, kind="editing.discard"):
    """'Discard' under what a change would do."""

    draft: DraftRef


class UndoChange(Command, kind="editing.undo"):
    """'Undo' under what a change has done."""

    draft: DraftRef


class ShowSentFile(Command, kind="editing.sent_file"):
    """'What would change?' under a business file that an owner sent."""


class ExportBusiness(Command, kind="editing.export"):
    """'Export': the business as a file."""


CONTRACT = Contract(
    "editing",
    (
        Spec(ShowSection, ButtonForm("es")),
        Spec(ShowEntry, ButtonForm("ee")),
        Spec(AskField, ButtonForm("ef")),
        Spec(AnswerField, ButtonForm("ea"), answer=Answer("value", longest=LONGEST_ANSWER)),
        Spec(ProposeEntry, ButtonForm("ed")),
        Spec(AddEntry, ButtonForm("en")),
        Spec(RemoveEntry, ButtonForm("er")),
        Spec(MoveEntry, ButtonForm("em")),
        Spec(ChooseFate, ButtonForm("eo")),
        Spec(AskWords, ButtonForm("ew")),
        Spec(AnswerWords, answer=Answer("words", longest=LONGEST_WORDS)),
        Spec(ApplyChange, ButtonForm("e!")),
        Spec(DiscardChange, ButtonForm("ex")),
        Spec(UndoChange, ButtonForm("eu")),
        Spec(ExportBusiness, ButtonForm("ep")),
        Spec(ShowSentFile, ButtonForm("ei")),
    ),
)
