"""Own texts as customers read them: above what is so, which none of them can hide."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Protocol
from zoneinfo import ZoneInfo

from shared.i18n.translator import Html, Translator
from worker.own_texts.rules import (
    BUSINESS,
    DAY,
    NAME,
    PLACE,
    SERVICE,
    SPECIALIST,
    TIME,
    OwnText,
    filled,
)
from worker.ui.graphemes import cut, utf16
from worker.ui.markup import words_of
from worker.ui.names import tidy
from worker.ui.phrases import Located
from worker.ui.view import LONGEST_MESSAGE


class Spoken(Protocol):
    """What is said about a visit."""

    @property
    def business(self) -> str:
        """The business's name."""
        ...

    @property
    def services(self) -> str:
        """The names of its services."""
        ...

    @property
    def specialists(self) -> str:
        """The names of its specialists."""
        ...

    @property
    def start(self) -> datetime:
        """When it begins."""
        ...

    @property
    def timezone(self) -> str:
        """By whose clock."""
        ...

    @property
    def place(self) -> Located | None:
        """Where it is, if anywhere."""
        ...


def named(texts: Translator, first_name: str) -> str:
    """Return what a person is called in a text."""
    return tidy(first_name) or texts.text("dear guest")


def welcome_words(texts: Translator, own: OwnText, business: str, first_name: str) -> Html:
    """Say a welcome; `texts` speaks its language."""
    return Html(escape(filled(own.words, {NAME: named(texts, first_name), BUSINESS: business})))


def visit_words(texts: Translator, own: OwnText, visit: Spoken, first_name: str) -> Html:
    """Say a text about a visit; `texts` speaks its language."""
    local = visit.start.astimezone(ZoneInfo(visit.timezone))
    place = visit.place
    values = {
        NAME: named(texts, first_name),
        BUSINESS: visit.business,
        SERVICE: visit.services,
        SPECIALIST: visit.specialists,
        DAY: texts.short_day(local.date()),
        TIME: texts.time(local),
        PLACE: ", ".join(filter(None, (place.name, place.address))) if place else visit.business,
    }
    return Html(escape(filled(own.words, values)))


def above(own: Html, facts: Sequence[Html]) -> Html:
    """Put an own text above what is so; where a message has no room for both, the own text is cut."""
    below = "\n".join(facts)
    room = LONGEST_MESSAGE - utf16(words_of(below)) - len("\n\n")
    words = words_of(own)
    kept = own if utf16(words) <= room else Html(escape(cut(words, max(room, 1))))
    return Html(f"{kept}\n\n{below}")
