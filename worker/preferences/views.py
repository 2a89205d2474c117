"""The settings, and what is kept of whoever asks."""

from collections.abc import Sequence
from typing import Final

from shared.contracts.menu import ShowSettings
from shared.contracts.people import ShowLanguages
from shared.contracts.preferences import (
    A_DAY,
    SetAfterVisits,
    SetDigest,
    SetEvening,
    SetQuietHours,
    ShowDigest,
    ShowEvening,
    ShowQuietHours,
    TellAtOnce,
)
from shared.contracts.privacy import ShowMyData
from shared.i18n.translator import Html, Translator
from worker.preferences.rules import Preferences
from worker.runtime.repository import BusinessProfile
from worker.ui.buttons import menu
from worker.ui.cells import Cell, cell
from worker.ui.view import Button, Keyboard, View, rows_of

DIGESTS: Final = tuple(range(6 * 60, 24 * 60, 60))
EVENINGS: Final = tuple(range(16 * 60, 24 * 60, 60))
AN_HOUR: Final = 60
HOURS: Final = range(0, A_DAY, AN_HOUR)
"""What quiet hours begin and end at."""
USUAL_QUIET: Final = (22 * 60, 7 * 60)


def settings(texts: Translator, business: BusinessProfile) -> View:
    """What a person can set."""
    text = texts.html(
        "<b>Settings</b>\nLanguage: {language}\nTimes are shown by the clock of {business} ({zone}), "
        "and beside it by your own.",
        language=texts.own_name(),
        business=business.name,
        zone=business.zone.key,
    )
    return View(text, [[Button(texts.text("Language"), ShowLanguages())], [menu(texts)]])


def settings_parts(
    texts: Translator, chosen: Preferences, *, works_here: bool
) -> tuple[Sequence[Html], Keyboard]:
    """What stands in the settings beside the language: lines, and rows of buttons."""
    after = texts.html("Messages after visits: no")
    allow = Button(texts.text("Messages after visits"), SetAfterVisits(on=True))
    if chosen.after_visits:
        after = texts.html("Messages after visits: yes, how it was and when to come again")
        allow = Button(texts.text("No messages after visits"), SetAfterVisits(on=False))
    lines, rows = [after], [[allow]]
    if works_here:
        lines += [_digest_line(texts, chosen), _quiet_line(texts, chosen), _evening_line(texts, chosen)]
        rows += [
            [
                Button(texts.text("News of visits"), ShowDigest()),
                Button(texts.text("Quiet hours"), ShowQuietHours()),
            ],
            [Button(texts.text("Evening summary"), ShowEvening())],
        ]
    return lines, [*rows, [Button(texts.text("My data"), ShowMyData())]]


def joined(text: Html, lines: Sequence[Html]) -> Html:
    """Put lines below a text."""
    return Html("\n".join([text, *lines]))


def _digest_line(texts: Translator, chosen: Preferences) -> Html:
    if not chosen.digest:
        return texts.html("News of visits: at once")
    return texts.html("News of visits: together at {times}", times=", ".join(map(_clock, chosen.digest)))


def _quiet_line(texts: Translator, chosen: Preferences) -> Html:
    if chosen.quiet is None:
        return texts.html("Quiet hours: none")
    begin, end = map(_clock, chosen.quiet)
    return texts.html("Quiet hours: {begin} – {end}", begin=begin, end=end)


def _evening_line(texts: Translator, chosen: Preferences) -> Html:
    if chosen.evening is None:
        return texts.html("Evening summary: none")
    return texts.html("Evening summary: at {time}", time=_clock(chosen.evening))


def digest(texts: Translator, chosen: Preferences) -> View:
    """When news of visits come: at once, or together at chosen hours."""
    lines = [
        _digest_line(texts, chosen),
        texts.html(
            "Choose hours at which new, moved and cancelled visits come in one message. What is about today, "
            "or would come too late, still comes at once; so does that somebody runs late."
        ),
    ]
    hours = [
        Button(f"✓ {_clock(minute)}" if minute in chosen.digest else _clock(minute),
               SetDigest(minute=minute, on=minute not in chosen.digest))
        for minute in DIGESTS
    ]  # fmt: skip
    at_once = [Button(texts.text("At once"), TellAtOnce())] if chosen.digest else []
    return View(Html("\n".join(lines)), [*rows_of(hours, 4), at_once, _back(texts)])


def quiet_hours(texts: Translator, chosen: Preferences) -> View:
    """From when until when no news come."""
    begin, end = chosen.quiet or USUAL_QUIET
    lines = [
        _quiet_line(texts, chosen),
        texts.html(
            "In these hours no news of visits comes; it comes when the hours are over. Only what is about a "
            "visit that begins within an hour after them is said at once."
        ),
    ]
    rows = [[Button(texts.text("No quiet hours"), SetQuietHours(begin=0, end=0))]]
    if chosen.quiet is None:
        said = texts.text("{begin} – {end}", begin=_clock(begin), end=_clock(end))
        rows = [[Button(said, SetQuietHours(begin=begin, end=end))]]
    else:
        rows += [
            _turning(
                texts.text("from {time}", time=_clock(begin)), *((each, end) for each in _beside(begin))
            ),
            _turning(texts.text("until {time}", time=_clock(end)), *((begin, each) for each in _beside(end))),
        ]
    return View(Html("\n".join(lines)), [*rows, _back(texts)])


def _beside(minute: int) -> tuple[int, int]:
    return (minute - AN_HOUR) % A_DAY, (minute + AN_HOUR) % A_DAY


def _turning(said: str, before: tuple[int, int], after: tuple[int, int]) -> list[Button]:
    earlier, later = (SetQuietHours(begin=begin, end=end) for begin, end in (before, after))
    return [Button("‹", earlier), cell(said, Cell.CLOCK), Button("›", later)]


def evening(texts: Translator, chosen: Preferences) -> View:
    """When the next day's visits come."""
    lines = [
        _evening_line(texts, chosen),
        texts.html(
            "The evening before, tomorrow's visits come in one message: who comes for the first time, who "
            "has not said yet that they will come, who cannot be written to. Without visits nothing comes."
        ),
    ]
    hours = [
        Button(
            f"✓ {_clock(minute)}" if minute == chosen.evening else _clock(minute), SetEvening(minute=minute)
        )
        for minute in EVENINGS
    ]
    none = [] if chosen.evening is None else [Button(texts.text("No summary"), SetEvening())]
    return View(Html("\n".join(lines)), [*rows_of(hours, 4), none, _back(texts)])


def _back(texts: Translator) -> list[Button]:
    return [Button(texts.text("« Back"), ShowSettings()), menu(texts)]


def _clock(minute: int) -> str:
    return f"{minute // AN_HOUR:02}:{minute % AN_HOUR:02}"
