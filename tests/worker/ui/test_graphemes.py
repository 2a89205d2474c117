"""Texts are cut where readers see a border, and never take more than there is room for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.menu import ShowHome
from worker.ui.graphemes import cut, graphemes, utf16
from worker.ui.view import LONGEST_LABEL, Button

WHOLE = [
    "e\N{COMBINING ACUTE ACCENT}\N{COMBINING DOT BELOW}",
    "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}",
    "\N{WAVING HAND SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}",
    "\N{REGIONAL INDICATOR SYMBOL LETTER D}\N{REGIONAL INDICATOR SYMBOL LETTER E}",
    "1\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}",
    "\N{WAVING BLACK FLAG}\N{TAG LATIN SMALL LETTER G}\N{TAG LATIN SMALL LETTER B}\N{CANCEL TAG}",
    "\u1112\u1161\u11ab",
    "\uac00\u11a8",
    "\u0915\u094d\u0937\u093f",
]


@pytest.mark.parametrize("one", WHOLE)
def test_what_is_read_as_one_stays_whole(one: str) -> None:
    assert list(graphemes(f"a{one}{one}b")) == ["a", one, one, "b"]
    for most in range(1, utf16(one) + 1):
        assert cut(f"{one}b", most) == "…"
    assert cut(f"{one}bc", utf16(one) + 1) == f"{one}…"


@given(st.text(st.sampled_from("".join(WHOLE) + "ab ")), st.integers(1, 30))
def test_what_is_cut_fits_and_begins_as_the_whole(text: str, most: int) -> None:
    shown = cut(text, most)
    assert utf16(shown) <= most
    assert shown == text or text.startswith(shown.removesuffix("…"))
    assert "".join(graphemes(text)) == text


@pytest.mark.parametrize("letter", ["x", "ж", "💈", "ß", "字", "e\N{COMBINING ACUTE ACCENT}"])
def test_a_button_shows_as_much_as_fits(letter: str) -> None:
    label = str(Button(letter * 128, ShowHome()).as_json()["text"])
    assert LONGEST_LABEL - utf16(letter) < utf16(label) <= LONGEST_LABEL
    assert label.strip("…") == letter * (len(label.strip("…")) // len(letter))
    assert Button(letter, ShowHome()).as_json()["text"] == letter
