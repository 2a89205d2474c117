"""What people are called: what shows, and never what does not."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.ui.graphemes import utf16
from worker.ui.names import BLANKS, JOINERS, LONGEST, shown_name, tidy

UNSEEN = "\u200b\u00a0\u00ad\ufeff\u2060\u3164\u202e\u2066 \u0301"
names = st.text(max_size=80) | st.text(UNSEEN + "aé👩\u200d", max_size=20)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Anna", "Anna"),
        ("An\u200bna \u00ad\ufeff\u2060", "Anna"),
        ("Anna\u00a0\u00a0Maria", "Anna Maria"),
        ("\u202eannA\u202c", "annA"),
        ("e\u0301", "é"),
        ("\u3164", ""),
        ("\u3164 \u200b\u0301", ""),
        ("👩\u200d👧", "👩\u200d👧"),
        ("\u200d\u200c", ""),
        ("line\nbreak", "line break"),
        ("", ""),
    ],
)
def test_a_name_is_tidied_to_what_is_seen(name: str, shown: str) -> None:
    assert tidy(name) == shown


@given(names)
def test_a_tidy_name_is_composed_bounded_in_one_line_and_stays_as_it_is(name: str) -> None:
    shown = tidy(name)
    assert utf16(shown) <= LONGEST
    assert shown == " ".join(shown.split())
    assert not set(shown) & BLANKS
    assert tidy(shown) == shown
    assert normalize("NFC", shown) == shown


@given(st.text(st.sampled_from(UNSEEN.replace("\u0301", "") + "".join(sorted(BLANKS | JOINERS)))))
def test_what_is_made_of_nothing_that_shows_is_no_name(name: str) -> None:
    assert tidy(name) == ""


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        (("Anna", "Berg", "anna"), "Anna Berg"),
        (("\u3164", None, "anna_b"), "@anna_b"),
        (("\u3164", "Berg", None), "Berg"),
        (("\u3164", "\u200b", None), ""),
        ((None, None, None), ""),
    ],
)
def test_who_has_no_name_that_shows_is_called_by_their_user_name(
    parts: tuple[str | None, ...], shown: str
) -> None:
    assert shown_name(parts) == shown
