"""The business, changed in the chat. The file's reader comes along only for whoever changes something."""

from shared.contracts.editing import (
    AddEntry,
    AnswerField,
    AnswerWords,
    ApplyChange,
    AskField,
    AskWords,
    ChooseFate,
    DiscardChange,
    ExportBusiness,
    MoveEntry,
    ProposeEntry,
    RemoveEntry,
    ShowEntry,
    ShowSection,
    ShowSentFile,
    UndoChange,
)
from worker.editing.access import EDITORS
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply


@reads(ShowSection, access=EDITORS)
async def show_section(context: RequestContext, command: ShowSection) -> Reply:
    """Show the entries of a part of the business."""
    from worker.editing import replies  # noqa: PLC0415 - see above, and so below

    return await replies.section(context, command)


@reads(ShowEntry, access=EDITORS)
async def show_entry(context: RequestContext, command: ShowEntry) -> Reply:
    """Show an entry with its fields."""
    from worker.editing import replies  # noqa: PLC0415

    return await replies.entry(context, command)


@writes(AskField, access=EDITORS)
async def ask_field(context: RequestContext, command: AskField) -> Reply:
    """Ask what a field is to be, or show its members."""
    from worker.editing import replies  # noqa: PLC0415

    return await replies.ask(context, command)


@writes(AnswerField, access=EDITORS)
async def answer_field(context: RequestContext, command: AnswerField) -> Reply:
    """Take an answer and show what would change; ask again where the answer does not fit."""
    from worker.editing import replies  # noqa: PLC0415

    return await replies.answer(context, command)


@writes(ProposeEntry, access=EDITORS)
async def propose_entry(context: RequestContext, command: ProposeEntry) -> Reply:
    """Show what would change by all that was said of an entry."""
    from worker.editing import replies  # noqa: PLC0415

    return await replies.propose_unfinished(context, command)


@writes(AddEntry, access=EDITORS)
async def add_entry(context: RequestContext, command: AddEntry) -> Reply:
    """Begin a new entry with what it cannot do without."""
    from worker.editing import replies  # noqa: PLC0415

    return await replies.add(context, command)


@writes(RemoveEntry, access=EDITORS)
async def remove_entry(context: RequestContext, command: RemoveEntry) -> Reply:
    """Show what hangs on an entry that is to go."""
    from worker.proposals import offers  # noqa: PLC0415

    wish = {"do": "remove", "section": command.section, "number": command.number}
    return await offers.offer(context, wish)


@writes(MoveEntry, access=EDITORS)
async def move_entry(context: RequestContext, command: MoveEntry) -> Reply:
    """Show what changes by an entry's other place."""
    from worker.proposals import offers  # noqa: PLC0415

    wish = {"do": "move", "section": command.section, "number": command.number}
    return await offers.offer(context, {**wish, "step": 1 if command.down else -1})


@writes(ChooseFate, access=EDITORS)
async def choose_fate(context: RequestContext, command: ChooseFate) -> Reply:
    """Take what becomes of visits that a change hits, and show it anew."""
    from worker.proposals import offers  # noqa: PLC0415

    return await offers.choose(context, command.draft, command.choice)


@writes(AskWords, access=EDITORS)
async def ask_words(context: RequestContext, command: AskWords) -> Reply:
    """Ask what customers are told whose visits are cancelled."""
    from worker.proposals import offers  # noqa: PLC0415

    return await offers.ask_words(context, command.draft)


@writes(AnswerWords, access=EDITORS)
async def answer_words(context: RequestContext, command: AnswerWords) -> Reply:
    """Take what customers are told, and show the change anew."""
    from worker.proposals import offers  # noqa: PLC0415

    return await offers.choose(context, command.draft, "", command.words)


@writes(ApplyChange, access=EDITORS)
async def apply_change(context: RequestContext, command: ApplyChange) -> Reply:
    """Make the business what was shown; what would be another change by now is shown first."""
    from worker.proposals import offers  # noqa: PLC0415

    return await offers.apply_shown(context, command.draft, with_others=command.offers)


@writes(DiscardChange, access=EDITORS)
async def discard_change(context: RequestContext, command: DiscardChange) -> Reply:
    """Forget what was proposed."""
    from worker.proposals import offers  # noqa: PLC0415

    return await offers.discard(context, command.draft)


@writes(UndoChange, access=EDITORS)
async def undo_change(context: RequestContext, command: UndoChange) -> Reply:
    """Show what taking a change back would do."""
    from worker.proposals import offers  # noqa: PLC0415

    return await offers.undo(context, command.draft)


@reads(ExportBusiness, access=EDITORS)
async def export_business(context: RequestContext, _: ExportBusiness) -> Reply:
    """Send the business as a file."""
    from worker.editing import files  # noqa: PLC0415

    return await files.export(context)


@writes(ShowSentFile, access=EDITORS)
async def show_sent_file(context: RequestContext, _: ShowSentFile) -> Reply:
    """Show what the file would change that an owner sent last."""
    from worker.editing import files  # noqa: PLC0415

    return await files.show_sent(context)
