"""What is shown of a change before it is applied, and afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from shared.contracts.admin import ShowAdmin
from shared.contracts.base import DraftRef
from shared.contracts.editing import (
    ApplyChange,
    AskWords,
    ChooseFate,
    DiscardChange,
    ShowEntry,
    ShowSection,
    UndoChange,
)
from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import Html, Translator
from worker.business.problems import Problem
from worker.proposals.views import offer_button
from worker.ui.buttons import menu, question_buttons
from worker.ui.phrases import shortened
from worker.ui.view import Button, Keyboard, View

MOST_PROBLEMS: Final = 20
"""So many are told; of more than that only the number."""
PROBLEM_WIDTH: Final = 160


def back_to_admin(texts: Translator) -> Button:
    """Return the way back to /admin."""
    return Button(texts.text("« Back"), ShowAdmin())


def _ways(texts: Translator, back: ShowEntry | ShowSection | None) -> list[Button]:
    """Return the way back to what was changed, or to /admin, and the one to the menu."""
    return [back_to_admin(texts) if back is None else Button(texts.text("« Back"), back), menu(texts)]


@dataclass(frozen=True, slots=True)
class Told:
    """What a change would do, or has done, in lines that people read."""

    lines: Sequence[Html]
    choices: Sequence[str] = ()
    """What can be chosen for visits that it hits."""
    can_be_applied: bool = True
    done_by_nobody: Sequence[str] = ()
    """New services that customers cannot find yet."""
    leaves_alone: bool = False
    """Whether nobody would be there any more for visits that are still offered."""

    def lines_of(self, texts: Translator) -> list[Html]:
        """Return the lines, and what is still to be done."""
        names = shortened(", ".join(self.done_by_nobody), PROBLEM_WIDTH)
        nobody = texts.html(
            "Nobody does it yet, so customers do not see it: {names}. Say under “Specialists” who does.",
            names=names,
        )
        return [*self.lines, Html(), nobody] if names else list(self.lines)


CHOICES: Final[Mapping[str, Marked]] = {
    "keep": text_noop("They stay booked"),
    "words": text_noop("Cancel them with a word"),
    "clock": text_noop("Their clock time stays"),
    "instant": text_noop("Their instant stays"),
}


def proposal(texts: Translator, told: Told, draft: DraftRef) -> View:
    """Show what a change would do, and the way to apply it."""
    rows: Keyboard = []
    for each in told.choices:
        command = AskWords(draft=draft) if each == "words" else ChooseFate(draft=draft, choice=each)
        rows.append([Button(texts.marked(CHOICES[each]), command)])
    discard = Button(texts.text("Discard"), DiscardChange(draft=draft))
    apply = Button(texts.text("Apply"), ApplyChange(draft=draft), style="primary")
    ready = told.can_be_applied and not told.choices
    if ready and told.leaves_alone:
        rows.append([offer_button(texts, ApplyChange(draft=draft, offers=True))])
    last = [apply, discard] if ready else [discard]
    return View(Html("\n".join(told.lines_of(texts))), [*rows, last])


def ask_words(texts: Translator) -> View:
    """Ask which word customers get whose visits are cancelled."""
    text = texts.html("What are the customers to be told? Write it in your own words.")
    return View(text, question_buttons(texts), asks=True)


def applied(
    texts: Translator,
    told: Told,
    undo: DraftRef | None,
    back: ShowEntry | ShowSection | None,
    added: tuple[str, ShowEntry] | None = None,
) -> View:
    """Show what a change has done; `added` is a new entry's name, and the way to all else of it."""
    lines = [texts.html("<b>Done.</b>"), *told.lines_of(texts)]
    rows: Keyboard = [] if added is None else [[Button(shortened(added[0], PROBLEM_WIDTH), added[1])]]
    if told.done_by_nobody:
        rows.append([Button(texts.text("Specialists"), ShowSection(section="specialists"), style="primary")])
    if undo is not None:
        lines.append(texts.html("“Undo” takes it back within five minutes, unless somebody changes more."))
        rows.append([Button(texts.text("Undo"), UndoChange(draft=undo))])
    return View(Html("\n".join(lines)), [*rows, _ways(texts, back)])


def discarded(texts: Translator, back: ShowEntry | ShowSection | None) -> View:
    """Say that nothing was changed."""
    return View(texts.html("Discarded. Nothing was changed."), [_ways(texts, back)])


def gone(texts: Translator) -> View:
    """Say that what was tapped is not there any more."""
    text = texts.html("That is not there any more: somebody has changed it meanwhile.")
    return View(text, [[back_to_admin(texts), menu(texts)]])


def overtaken(texts: Translator) -> View:
    """Say that more has changed since, so that what there was before cannot be brought back."""
    text = texts.html("This cannot be undone any more: the business has been changed since.")
    return View(text, [[back_to_admin(texts), menu(texts)]])


def no_owner(texts: Translator) -> View:
    """Say that the last owner stays."""
    text = texts.html("Somebody has to own the business: the last owner stays.")
    return View(text, [[back_to_admin(texts), menu(texts)]])


def left_over(texts: Translator, key: str) -> View:
    """Say that something else cannot do without what was to be removed or changed."""
    text = texts.html("“{name}” would not make sense any more. Change that first.", name=key)
    return View(text, [[back_to_admin(texts), menu(texts)]])


def does_not_fit(texts: Translator) -> View:
    """Say that something else of the business does not fit a change."""
    text = texts.html("The rest of the business does not fit that, and nothing was changed.")
    return View(text, [[back_to_admin(texts), menu(texts)]])


def nothing_to_change(texts: Translator, back: ShowEntry | ShowSection | None) -> View:
    """Say that it is so already."""
    return View(texts.html("It is so already: nothing changes."), [_ways(texts, back)])


def collides(texts: Translator) -> View:
    """Say that a visit cannot keep its clock time."""
    text = texts.html("A visit cannot keep its clock time: another one would be there then.")
    return View(text, [[back_to_admin(texts), menu(texts)]])


def refused_file(texts: Translator, name: str, problems: Sequence[Problem]) -> View:
    """Say what is wrong with a file, line by line."""
    lines = [texts.html("<b>“{name}” was not taken,</b> and nothing was changed:", name=name)]
    for each in problems[:MOST_PROBLEMS]:
        path = f"{each.path}: " if each.path else ""
        what = shortened(f"{path}{each.phrase.said(texts)}", PROBLEM_WIDTH)
        lines.append(texts.html("Line {number}: {what}", number=each.line, what=what))
    if (more := len(problems) - MOST_PROBLEMS) > 0:
        lines.append(Html(escape(texts.plural("and {number} more", "and {number} more", more))))
    return View(Html("\n".join(lines)), [[back_to_admin(texts), menu(texts)]])
