"""Buttons that do not fit side by side on a phone stand in rows of their own."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.menu import ShowHome
from shared.i18n.translator import Html
from worker.ui.rows import ARROWS, fits, laid_out
from worker.ui.view import Button, View

LABELS = st.one_of(
    st.sampled_from(["‹", "›", "Menu", "Mon, Nov 30", "Разблокировать", "Почему нет времени?", "👍"]),
    st.text(max_size=40),
)


def in_rows(*labels: str) -> list[list[str]]:
    return laid_out(labels, str)


@pytest.mark.parametrize(
    "labels",
    [
        ("« Back", "Menu"),
        ("Links and QR codes", "History"),
        ("Mon, Nov 30", "Tue, Dec 1", "Wed, Dec 2"),
        ("Сб, 28 нояб.", "Вс, 29 нояб.", "Пн, 30 нояб."),
        ("23", "24", "25", "·26·", "27", "28", "29"),
        ("‹", "Nov – Dec", "›"),
        ("Seasons and other weeks, which is more than any phone shows in a row of its own",),
        (),
    ],
)
def test_what_fits_stays_in_its_row(labels: Sequence[str]) -> None:
    assert in_rows(*labels) == [list(labels)]


def test_what_does_not_fit_is_not_cut() -> None:
    assert in_rows("Picture", "Why is a time missing?") == [["Picture"], ["Why is a time missing?"]]
    assert in_rows("With anyone", "Wait only until Mon, Nov 30") == [
        ["With anyone"],
        ["Wait only until Mon, Nov 30"],
    ]


def test_rows_that_come_of_one_are_even() -> None:
    assert in_rows("Перенести", "Отменить", "Повторять", "Заметка") == [
        ["Перенести", "Отменить"],
        ["Повторять", "Заметка"],
    ]


def test_what_turns_pages_stays_side_by_side() -> None:
    assert in_rows("‹", "30 нояб. – 6 дек.", "›") == [["30 нояб. – 6 дек."], ["‹", "›"]]
    assert in_rows("Нояб. 2026 – янв. 2027", "›") == [["Нояб. 2026 – янв. 2027"], ["›"]]


@given(st.lists(LABELS, max_size=8))
def test_no_button_is_lost_and_all_that_stand_together_fit(labels: list[str]) -> None:
    laid = in_rows(*labels)
    assert all(fits(row) for row in laid)
    shown = [each for row in laid for each in row]
    assert sorted(shown) == sorted(labels)
    assert [each for each in shown if each not in ARROWS] == [each for each in labels if each not in ARROWS]


def test_a_message_is_written_so() -> None:
    row = [Button("Picture", ShowHome()), Button("Why is a time missing?", ShowHome())]
    markup = View(Html("Monday"), [row, []]).rendered().reply_markup
    assert [[each["text"] for each in row] for row in markup["inline_keyboard"]] == [
        ["Picture"],
        ["Why is a time missing?"],
    ]
