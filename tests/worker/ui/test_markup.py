"""Words are cut to what a message takes, and what was marked up stays whole."""

from html import escape
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.i18n.translator import Html
from worker.ui.graphemes import utf16
from worker.ui.markup import bounded, words_of
from worker.ui.view import LONGEST_MESSAGE, View

words = st.text(st.sampled_from("ab &<>'\"é💈"), max_size=30).map(escape)
marked = st.recursive(
    words,
    lambda inner: st.builds(
        "<{0}>{1}</{0}>{2}".format, st.sampled_from(["b", "i", "tg-spoiler"]), inner, inner
    ),
    max_leaves=6,
)


@given(text=marked.map(Html), longest=st.integers(1, 40))
def test_what_is_cut_fits_is_well_formed_and_begins_as_the_whole(text: Html, longest: int) -> None:
    shown = bounded(text, longest)
    assert utf16(words_of(shown)) <= longest
    ET.fromstring(f"<p>{shown}</p>")  # noqa: S314 - made here
    assert shown == text or words_of(text).startswith(words_of(shown).removesuffix("…"))


@pytest.mark.parametrize("letter", ["x", "💈", "&amp;", "<b>x</b>"])
def test_no_message_is_longer_than_telegram_takes(letter: str) -> None:
    shown = View(Html(f"<b>{letter * 200_000}</b>")).rendered()
    assert LONGEST_MESSAGE - 2 <= utf16(words_of(shown.text)) <= LONGEST_MESSAGE
    assert shown.text.endswith("</b>")


def test_what_fits_stays_as_it_is() -> None:
    text = Html(f"<b>{'&lt;' * LONGEST_MESSAGE}</b>")
    assert View(text).rendered().text is text
