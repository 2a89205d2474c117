"""Pausing all bookings: how it stands, until when, and what customers read meanwhile."""

from dataclasses import replace
from datetime import date, timedelta

from shared.contracts.admin import ShowAdmin
from shared.contracts.pausing import (
    LONGEST_PAUSE_TEXT,
    AskPauseText,
    PauseBookings,
    ResumeBookings,
    ShowPause,
    ShowPauseDays,
)
from shared.i18n.translator import Html, Translator
from worker.pause import Pause
from worker.scheduling.weeks import Weeks
from worker.ui.buttons import menu, question_buttons
from worker.ui.cells import Cell, cell
from worker.ui.phrases import pause_words, paused_line
from worker.ui.view import Button, Keyboard, View


def pause_bookings(texts: Translator) -> Button:
    """Return the way to the pause."""
    return Button(texts.text("Pause bookings"), ShowPause())


def resume_bookings(texts: Translator) -> Button:
    """Return the button that ends it."""
    return Button(texts.text("Resume bookings"), ResumeBookings(), style="success")


def pause(texts: Translator, kept: Pause, today: date, *, holds: bool) -> View:
    """How it stands, and what can be done."""
    said = kept if holds else replace(kept, until=None)
    if holds:
        lines = [paused_line(texts, kept)]
    else:
        lines = [
            texts.html("<b>Pause bookings?</b>"),
            texts.html("Customers can book and move nothing then, and read this in its place:"),
        ]
    lines += [
        texts.html("<blockquote>{text}</blockquote>", text=pause_words(texts, said)),
        texts.html("Visits that are booked stand, with their reminders; they can be cancelled as ever."),
    ]
    write = Button(texts.text("Change the text"), AskPauseText())
    ways = [[write], [Button(texts.text("« Back"), ShowAdmin()), menu(texts)]]
    return View(Html("\n".join(lines)), [*_untils(texts, today, holds=holds), *ways])


def _untils(texts: Translator, today: date, *, holds: bool) -> Keyboard:
    tomorrow = Button(texts.text("Until tomorrow"), PauseBookings(until=today + timedelta(days=1)))
    day = Button(texts.text("Until a date"), ShowPauseDays())
    for_ever = Button(texts.text("Until I resume"), PauseBookings())
    resume = [resume_bookings(texts)] if holds else []
    return [resume, [for_ever], [tomorrow, day]]


def days(texts: Translator, asked: ShowPauseDays, today: date) -> View:
    """Five weeks of days: on which customers can book again."""
    weeks = Weeks.of(max(asked.first or today, today), today)
    before, after = weeks.first - timedelta(days=1), weeks.following
    turning = [
        *([Button("‹", ShowPauseDays(first=before))] if before >= today else []),
        cell(texts.months(weeks.first, weeks.last), Cell.DAYS),
        Button("›", ShowPauseDays(first=after)),
    ]
    weekdays = [cell(name, Cell.WEEKDAY) for name in texts.weekdays()]
    rows = [[_day(day) for day in week] for week in weeks.rows(weeks.last)]
    words = texts.html("<b>Pause bookings</b>: from which day on can customers book again?")
    return View(words, [turning, weekdays, *rows, [Button(texts.text("« Back"), ShowPause()), menu(texts)]])


def _day(day: date) -> Button:
    return Button(str(day.day), PauseBookings(until=day))


def text_question(texts: Translator) -> View:
    """The question what customers read meanwhile."""
    words = texts.html(
        "What do customers read while bookings are paused? {count} characters at most; "
        "after <b>Skip</b> they read the usual text.",
        count=LONGEST_PAUSE_TEXT,
    )
    return View(words, question_buttons(texts, optional=True), asks=True)
