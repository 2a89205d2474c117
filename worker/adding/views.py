"""What staff see who add a visit: whom it is for."""

from collections.abc import Sequence
from typing import Final, assert_never

from shared.contracts.adding import AskCustomer, AskNewCustomer
from shared.contracts.booking import BookedFor, ShowServices
from shared.i18n.translator import Html, Translator
from worker.adding.repository import FoundCustomer
from worker.adding.rules import Lacking
from worker.ui.buttons import menu, question_buttons
from worker.ui.phrases import called, shortened, wrong_phone
from worker.ui.view import Button, Keyboard, View

RECENT: Final = 5
"""So many of the latest customers stand beside the question whom a visit is for."""
MOST_FOUND: Final = 8
"""So many of those who were found are shown; who wants others writes more of the name."""

NAME_WIDTH: Final = 32
"""UTF-16 units of a name beside a number: what tells people of one name apart is to be seen."""


def home_row(texts: Translator) -> list[Button]:
    """The menu's row of adding."""
    return [add(texts)]


def add(texts: Translator) -> Button:
    """Return the way to a visit for somebody."""
    return Button(texts.text("Add a visit"), AskCustomer())


def customer_question(
    texts: Translator, recent: Sequence[FoundCustomer], own: int | None, example: str
) -> View:
    """The question whom a visit is for: the latest customers are buttons, any other is typed."""
    lines = [
        texts.html("<b>Who is the visit for?</b>"),
        texts.html("Write a part of the name, or the phone number."),
        texts.html("Somebody new, without Telegram: write both, like “Maria {phone}”.", phone=example),
    ]
    new = [Button(texts.text("New customer"), AskNewCustomer())]
    rows = [*_choices(texts, recent, own), new, *question_buttons(texts)]
    return View(Html("\n".join(lines)), rows, asks=True)


def found(texts: Translator, people: Sequence[FoundCustomer], own: int | None) -> View:
    """Whom a search found, as many as fit."""
    ways = [
        [
            Button(texts.text("Search again"), AskCustomer()),
            Button(texts.text("New customer"), AskNewCustomer()),
        ],
        [menu(texts)],
    ]
    if not people:
        return View(texts.html("No customer is called that or has that number."), ways)
    lines = [texts.html("<b>Who is the visit for?</b>")]
    if len(people) > MOST_FOUND:
        lines.append(texts.html("There are more: write more of the name to find them."))
    return View(Html("\n".join(lines)), [*_choices(texts, people[:MOST_FOUND], own), *ways])


def new_question(texts: Translator, example: str, lacking: Lacking | None = None) -> View:
    """The question for somebody's name and phone number; what was wrong before stands above it."""
    lines = [] if lacking is None else [_lacking(texts, lacking), Html()]
    lines += [
        texts.html("<b>What is their name and phone number?</b>"),
        texts.html("Write both in one line, like “Maria {phone}”.", phone=example),
    ]
    return View(Html("\n".join(lines)), question_buttons(texts), asks=True)


def _lacking(texts: Translator, lacking: Lacking) -> Html:
    match lacking:
        case Lacking.NAME:
            return texts.html("A name is missing beside the number.")
        case Lacking.PHONE:
            return texts.html("A phone number is missing beside the name.")
        case Lacking.WRONG_PHONE:
            return wrong_phone(texts)
        case _:
            assert_never(lacking)


def _choices(texts: Translator, people: Sequence[FoundCustomer], own: int | None) -> Keyboard:
    """Lay out a button for each; specialists (`own` is their id) go on to their own services."""
    return [
        [Button(_label(texts, each), ShowServices(specialist_id=own, customer=BookedFor(person_id=each.id)))]
        for each in people
    ]


def _label(texts: Translator, person: FoundCustomer) -> str:
    name = called(texts, person.name)
    return f"{shortened(name, NAME_WIDTH)} · {person.phone}" if person.phone else name
