"""Health in the words of those who run the business. What an operator does about it, the doctor says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from shared.contracts.admin import ShowAdmin
from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import Html, Translator
from worker.failed.views import failed
from worker.health.repository import Health
from worker.health.rules import Trouble, present
from worker.ui.buttons import menu
from worker.ui.view import Button, Keyboard, View

NAMES: Final[Mapping[Trouble, Marked]] = {
    Trouble.REFUSED: text_noop("Telegram does not accept the bot's token"),
    Trouble.SECOND_BOT: text_noop("A second program takes this bot's messages"),
    Trouble.UPDATES: text_noop("What people send to the bot does not come in"),
    Trouble.COMMANDS: text_noop("People wait too long for an answer"),
    Trouble.MESSAGES: text_noop("Messages and reminders are sent too late"),
    Trouble.STORAGE: text_noop("The bookings are not kept safely"),
    Trouble.BACKUP: text_noop("There is no recent backup"),
    Trouble.FAILED: text_noop("Some of what people asked for has failed"),
    Trouble.REFUNDS: text_noop("Customers wait for their money back"),
    Trouble.SPECIALISTS: text_noop("Specialists cannot be written to"),
    Trouble.NOBODY: text_noop("Nobody can be told of some visits"),
}
"""What is wrong, in a line."""
MEANINGS: Final[Mapping[Trouble, Marked]] = {
    Trouble.REFUSED: text_noop("While that lasts, the bot can neither hear nor answer anybody."),
    Trouble.SECOND_BOT: text_noop(
        "It runs somewhere with the same token, and some of what customers tap or write goes to it: "
        "they get no answer here."
    ),
    Trouble.UPDATES: text_noop(
        "Customers tap and write, and get no answer. Nothing that was booked is lost."
    ),
    Trouble.COMMANDS: text_noop("What they asked for is kept and will be done, but late."),
    Trouble.MESSAGES: text_noop("They are kept and will be sent, but late."),
    Trouble.STORAGE: text_noop(
        "The bot works, but what people ask for could get lost, or one time could be booked twice."
    ),
    Trouble.BACKUP: text_noop(
        "The bot works. If the server were lost now, the newest bookings would be too."
    ),
    Trouble.FAILED: text_noop(
        "They were told so and can ask again. You can look at it, try it once more or drop it."
    ),
    Trouble.REFUNDS: text_noop(
        "Telegram lets no bot send card payments back: an owner does it at the payment provider. "
        "/admin, Refunds says whom and how much. Tap Returned there once it is done."
    ),
    Trouble.SPECIALISTS: text_noop(
        "They have blocked the bot or left Telegram. Owners and admins hear of their visits instead. "
        "Ask them to open the bot and tap Start."
    ),
    Trouble.NOBODY: text_noop(
        "The specialist could not be written to, and no owner or admin either. "
        "Please look at the coming visits for what is new."
    ),
}
"""What follows from it for a shop, and what an owner can do."""
SECTIONS: Final[Mapping[Trouble, str]] = {Trouble.BACKUP: "Back up"}
"""Where docs/operate.md says more than under its "When something is wrong"."""
OWN_AFFAIRS: Final = frozenset({Trouble.FAILED, Trouble.REFUNDS, Trouble.SPECIALISTS, Trouble.NOBODY})
"""About these nobody has to do anything at the server."""
LOOKED_LATELY: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Reader:
    """In which language and by whose clock it is read."""

    texts: Translator
    zone: ZoneInfo


def ill(reader: Reader, trouble: Trouble, since: datetime, count: int | None) -> View:
    """What they read of a trouble that is there."""
    texts = reader.texts
    lines = [
        Html(f"⚠️ <b>{_name(texts, trouble)}</b>"),
        *([] if count is None else [_counted(texts, trouble, count)]),
        texts.html("Since {moment}.", moment=_moment(reader, since)),
        _meaning(texts, trouble),
        *_for_operators(texts, trouble),
    ]
    return View(Html("\n".join(lines)), _rows(texts, trouble))


def over(reader: Reader, trouble: Trouble, since: datetime, until: datetime) -> View:
    """What they read when it is over."""
    texts = reader.texts
    lines = [
        texts.html("✅ <b>It is over: {what}</b>", what=texts.marked(NAMES[trouble])),
        texts.html("From {start} to {end}.", start=_moment(reader, since), end=_moment(reader, until)),
        *([_meaning(texts, trouble)] if trouble is Trouble.NOBODY else []),
    ]
    return View(Html("\n".join(lines)), _rows(texts))


def lines(reader: Reader, health: Health, now: datetime) -> list[Html]:
    """What stands under /admin: that all is well, or what is not."""
    texts = reader.texts
    if health.looked_at is None:
        return [texts.html("Health: nobody has looked yet")]
    troubles = [Html(f"⚠️ {_name(texts, each)}") for each in present(health.states)]
    if now - health.looked_at > LOOKED_LATELY:
        stale = texts.html("Health: last looked at {moment}", moment=_moment(reader, health.looked_at))
        return [*troubles, stale]
    return troubles or [texts.html("✅ All is well")]


def _name(texts: Translator, trouble: Trouble) -> str:
    return escape(texts.marked(NAMES[trouble]), quote=False)


def _meaning(texts: Translator, trouble: Trouble) -> Html:
    return Html(escape(texts.marked(MEANINGS[trouble]), quote=False))


def _counted(texts: Translator, trouble: Trouble, count: int) -> Html:
    if trouble is Trouble.FAILED:
        return Html(texts.plural("{number} command.", "{number} commands.", count))
    if trouble is Trouble.REFUNDS:
        return Html(texts.plural("{number} payment to send back.", "{number} payments to send back.", count))
    return Html(texts.plural("{number} specialist.", "{number} specialists.", count))


def _for_operators(texts: Translator, trouble: Trouble) -> list[Html]:
    if trouble in OWN_AFFAIRS:
        return []
    section = SECTIONS.get(trouble, "When something is wrong")
    return [
        texts.html(
            "Please tell whoever runs the server: <code>bellhop doctor</code> says what to do, "
            "and docs/operate.md, “{section}”.",
            section=section,
        )
    ]


def _rows(texts: Translator, trouble: Trouble | None = None) -> Keyboard:
    administration = Button(texts.text("Administration"), ShowAdmin())
    return [[failed(texts) if trouble is Trouble.FAILED else administration], [menu(texts)]]


def _moment(reader: Reader, moment: datetime) -> str:
    local = moment.astimezone(reader.zone)
    return reader.texts.text(
        "{day}, {time}", day=reader.texts.short_day(local.date()), time=reader.texts.time(local)
    )
