"""Failed commands in words: when, who, what was wanted, why it failed."""

from collections.abc import Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from shared.contracts.admin import ShowAdmin
from shared.contracts.failed import (
    AskDropFailed,
    DropFailed,
    RetryAlike,
    RetryFailed,
    ShowFailed,
    ShowFailedCommand,
)
from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import Html, Translator
from worker.dead.repository import DeadLetter
from worker.ui.buttons import Page, menu, pager
from worker.ui.phrases import called, shortened
from worker.ui.view import Button, View

LETTERS_A_PAGE: Final = 6
NAME_WIDTH: Final = 32
"""UTF-16 units of a name in the list."""
TOO_SLOW: Final = "TimeoutError"
WANTED: Final[Mapping[str, Marked]] = {
    "booking.book": text_noop("book a visit"),
    "booking.move": text_noop("move a visit"),
    "booking.cancel": text_noop("cancel a visit"),
    "booking.list": text_noop("see their bookings"),
    "booking.show": text_noop("see their bookings"),
    "booking.attend": text_noop("say that they will be there"),
    "visits.write_note": text_noop("leave a note"),
    "person.choose_language": text_noop("choose a language"),
    "person.set_reachable": text_noop("be noted as reachable, or not"),
    "chat.say": text_noop("answer or say something"),
    "staff.cancel": text_noop("cancel a customer's visit"),
    "staff.arrived": text_noop("mark who came"),
    "staff.done": text_noop("mark who came"),
    "staff.no_show": text_noop("mark who came"),
    "staff.write_note": text_noop("note something of a customer"),
    "setup.apply": text_noop("open the shop"),
}
"""What people wanted, by the kind of their command."""
AREAS: Final[Mapping[str, Marked]] = {
    "booking": text_noop("look at what can be booked"),
    "schedule": text_noop("look at free times"),
    "visits": text_noop("do something about a visit"),
    "menu": text_noop("see the menu"),
    "chat": text_noop("tap or write something"),
    "person": text_noop("change their settings"),
    "staff": text_noop("see the visits of the calendar"),
    "why": text_noop("ask why a time is missing"),
    "setup": text_noop("set up the shop"),
}
"""What they wanted as far as the first word of a kind says it."""


def failed(texts: Translator) -> Button:
    """Return the way to the failed commands."""
    return Button(texts.text("Failed"), ShowFailed())


def letters(
    texts: Translator,
    page: Page[DeadLetter],
    names: Mapping[int, str],
    zone: ZoneInfo,
    asked: ShowFailed,
) -> View:
    """A page of them, each a button."""
    lines = [texts.html("<b>Failed commands</b>")]
    if not page.shown:
        lines.append(texts.html("None: everything that people asked for was done."))
    else:
        lines.append(
            texts.html("Each failed five times by a fault of the program, and its person was told so.")
        )
    lines += [_entry(texts, each, names, zone) for each in page.shown]
    rows = [[Button(f"№ {each.id} · {_wanted(texts, each)}", _show(each))] for each in page.shown]
    back = Button(texts.text("« Back"), ShowAdmin())
    return View(Html("\n".join(lines)), [*rows, pager(page, asked), [back, menu(texts)]])


def letter(texts: Translator, shown: DeadLetter, who: str, zone: ZoneInfo, alike: int) -> View:
    """One of them; `alike` is how many there are that ask for the same, itself among them."""
    retry = Button(texts.text("Retry"), RetryFailed(letter_id=shown.id), style="primary")
    drop = Button(texts.text("Drop"), AskDropFailed(letter_id=shown.id), style="danger")
    every = Button(
        texts.text("Retry all of this kind ({count})", count=alike), RetryAlike(letter_id=shown.id)
    )
    can_retry = shown.envelope is not None
    lines = [
        *_about(texts, shown, who, zone),
        Html(),
        texts.html("Operators find it by <code>python -m worker.dead show {number}</code>.", number=shown.id),
    ]
    rows = [[*([retry] if can_retry else []), drop], [every] if can_retry and alike > 1 else []]
    return View(Html("\n".join(lines)), [*rows, [_back(texts), menu(texts)]])


def drop(texts: Translator, shown: DeadLetter, who: str, zone: ZoneInfo) -> View:
    """The question before one is forgotten."""
    yes = Button(texts.text("Yes, drop"), DropFailed(letter_id=shown.id), style="danger")
    keep = Button(texts.text("No, keep it"), _show(shown))
    lines = [
        texts.html("<b>Drop this command?</b> It will not be done, and cannot be brought back."),
        Html(),
        *_about(texts, shown, who, zone),
    ]
    return View(Html("\n".join(lines)), [[yes], [keep]])


def _about(texts: Translator, shown: DeadLetter, who: str, zone: ZoneInfo) -> Sequence[Html]:
    return (
        texts.html("<b>Failed command № {number}</b>", number=shown.id),
        texts.html("When: {moment}", moment=_moment(texts, shown, zone)),
        texts.html("Who: {name}", name=who),
        texts.html("Wanted to: {wish}", wish=_wanted(texts, shown)),
        texts.html("Why it failed: {reason}", reason=_reason(texts, shown)),
    )


def _entry(texts: Translator, each: DeadLetter, names: Mapping[int, str], zone: ZoneInfo) -> Html:
    return texts.html(
        "• № {number}, {moment}, {name}: {reason}",
        number=each.id,
        moment=_moment(texts, each, zone),
        name=shortened(name_of(texts, each, names), NAME_WIDTH),
        reason=_reason(texts, each),
    )


def name_of(texts: Translator, each: DeadLetter, names: Mapping[int, str]) -> str:
    """Return who asked, as far as that is known."""
    if each.envelope is None:
        return texts.text("nobody knows who")
    return called(texts, names.get(each.envelope.actor.id, ""))


def _wanted(texts: Translator, each: DeadLetter) -> str:
    area = each.kind.partition(".")[0]
    found = WANTED.get(each.kind) or AREAS.get(area)
    return texts.marked(found) if found else each.kind


def _reason(texts: Translator, each: DeadLetter) -> str:
    """Say why, as far as owners can do something with it: the error's name is for whoever mends it."""
    if each.envelope is None:
        return texts.text("this release cannot read it")
    error = each.reason.partition(":")[0]
    if error == TOO_SLOW:
        return texts.text("it took too long each time")
    return texts.text("a fault of the program ({error})", error=error)


def _moment(texts: Translator, each: DeadLetter, zone: ZoneInfo) -> str:
    local = each.died_at.astimezone(zone)
    return texts.text("{day}, {time}", day=texts.short_day(local.date()), time=texts.time(local))


def _show(each: DeadLetter) -> ShowFailedCommand:
    return ShowFailedCommand(letter_id=each.id)


def _back(texts: Translator) -> Button:
    return Button(texts.text("« Back"), ShowFailed())


def retried(texts: Translator, count: int) -> str:
    """Say on the tap how many are on their way again."""
    return texts.plural("{number} command is tried again.", "{number} commands are tried again.", count)
