"""Texts that look alike are alike; what nobody sees is taken out, or written out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.cleaning import name_key, plain_spaces, reveal, tidy

UNSEEN = "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069"
UNSEEN += "\u3164\ufe0f\ufeff\uffa0\ufff9\U000e0001\U000e0041"
ODD_SPACES = "\t\u00a0\u1680\u2003\u200a\u202f\u205f\u2800\u3000"
MEANT = [
    *("👩\u200d👩\u200d👧", "❤\ufe0f", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"),
    *("می\u200cخواهم", "क्\u200dष", "1\ufe0f\u20e3", "Ünique", "Ёлка", "a–b"),
]


@pytest.mark.parametrize("unseen", UNSEEN, ids=ascii)
def test_what_nobody_sees_goes(unseen: str) -> None:
    assert tidy(f"{unseen}Hair{unseen}cut{unseen}") == "Haircut"
    assert tidy(unseen) == ""
    assert reveal(f"Hair{unseen}cut") == f"Hair<U+{ord(unseen):04X}>cut"


@pytest.mark.parametrize("space", ODD_SPACES, ids=ascii)
def test_an_odd_space_is_a_space(space: str) -> None:
    assert tidy(f"{space}Cut{space} & colour{space}") == "Cut & colour"
    assert reveal(f"a{space}b") == f"a<U+{ord(space):04X}>b"


@pytest.mark.parametrize("text", MEANT)
def test_what_is_meant_stays(text: str) -> None:
    assert tidy(text) == text


def test_marks_join_their_letter() -> None:
    assert tidy("Fo\u0308hn") == tidy("Fo\u00ad\u0308hn") == "Föhn"


def test_lines_keep_their_ends_and_tabs() -> None:
    assert plain_spaces("a:\n\u00a0\u2003- \u200bb\tc\ufeff\n") == "a:\n  - b\tc\n"


@given(st.text())
def test_tidying_is_done_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@given(st.text(st.sampled_from("aK\u212aकé👩1 \u0301" + UNSEEN + ODD_SPACES)))
def test_tidying_is_done_once_for_what_nobody_sees(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert name_key(name_key(text)) == name_key(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Haircut", "haircut\u200b"), ("Straße", "STRASSE"), ("❤ Nails", "❤\ufe0f nails"), ("A  b", "a\u00a0B")],
)
def test_names_that_look_the_same_are_one(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_names_that_do_not_look_the_same_are_two() -> None:
    assert len({name_key(name) for name in ("Haircut", "Hair cut", "Haïrcut", "Haircut 2")}) == len("four")
