"""parse_mode HTML, with the refusals Telegram gives."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.emulator.entities.html import HtmlParser, escape
from sandbox.emulator.entities.reading import as_json, from_bot
from sandbox.emulator.entities.text import BLANK, utf16
from sandbox.emulator.errors import ApiError

PREFIX = "🏟 🏟&lt;"
"""13 bytes of markup, 6 UTF-16 units of text."""

SURROGATE = (
    "Text contains invalid Unicode characters after decoding HTML entities, "
    "check for unmatched surrogate code units"
)

REFUSED = [
    ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
    ("<b>unclosed", 'Can\'t find end tag corresponding to start tag "b"'),
    ("&#57311;", SURROGATE),
    (f"{PREFIX}<abacaba", "Unclosed start tag at byte offset 13"),
    (f"{PREFIX}<abac aba>", 'Unsupported start tag "abac" at byte offset 13'),
    (f"{PREFIX}<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 13'),
    (f"{PREFIX}<i    aba>",
     'Expected equal sign in declaration of an attribute of the tag "i" at byte offset 13'),
    (f"{PREFIX}<i    aba  =  ", 'Unclosed start tag "i" at byte offset 13'),
    (f"{PREFIX}<i    aba  =  190azAz-.,", "Unexpected end of name token at byte offset 27"),
    (f'{PREFIX}<i    aba  =  "&lt;&gt;&quot;>', "Unclosed start tag at byte offset 13"),
    (f"{PREFIX}</", "Unexpected end tag at byte offset 13"),
    (f"{PREFIX}<b></b></", "Unexpected end tag at byte offset 20"),
    (f"{PREFIX}<i>a</i   ", "Unclosed end tag at byte offset 17"),
    (f"{PREFIX}<i>a</em   >", 'Unmatched end tag at byte offset 17, expected "</i>", found "</em>"'),
    ("<b><i>test</b></i>", 'Unmatched end tag at byte offset 10, expected "</i>", found "</b>"'),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ('<tg-emoji emoji-id="9999999999999999999">x</tg-emoji>', "Invalid custom emoji identifier specified"),
    ('<tg-time unix="1700000000" format="wQ">x</tg-time>', "Invalid date format specified"),
]  # fmt: skip

ACCEPTED: list[tuple[str, str, list[dict[str, Any]]]] = [
    ("&lt;&gt;&amp;&quot;&laquo;&#12345678;", '<>&"&laquo;&#12345678;', []),
    ("🏟 🏟<i>🏟 &lt🏟</i>", "🏟 🏟🏟 <🏟", [{"type": "italic", "offset": 5, "length": 6}]),
    (
        "🏟 🏟<i>🏟 &gt;<b aba   =   caba>&lt🏟</b></i>",
        "🏟 🏟🏟 ><🏟",
        [{"type": "italic", "offset": 5, "length": 7}, {"type": "bold", "offset": 9, "length": 3}],
    ),
    ("<b>a<b>b</b></b>c", "abc", [{"type": "bold", "offset": 0, "length": 2}]),
    ("<strong>a</strong><em>b</em>", "ab",
     [{"type": "bold", "offset": 0, "length": 1}, {"type": "italic", "offset": 1, "length": 1}]),
    ("<ins>a</ins><strike>b</strike><del>c</del>", "abc",
     [{"type": "underline", "offset": 0, "length": 1}, {"type": "strikethrough", "offset": 1, "length": 2}]),
    ('<span class="tg-spoiler">a</span> <tg-spoiler>b</tg-spoiler>', "a b",
     [{"type": "spoiler", "offset": 0, "length": 1}, {"type": "spoiler", "offset": 2, "length": 1}]),
    ('<a href="telegram.org">x</a>', "x",
     [{"type": "text_link", "offset": 0, "length": 1, "url": "http://telegram.org/"}]),
    ('<a href="tg://user?id=7">x</a>', "x",
     [{"type": "text_mention", "offset": 0, "length": 1, "user": {"id": 7}}]),
    ('<pre><code class="language-py">a</code></pre>', "a",
     [{"type": "pre", "offset": 0, "length": 1, "language": "py"}]),
    ('<code class="language-py">a</code>', "a", [{"type": "code", "offset": 0, "length": 1}]),
    ("<code><b>a</b></code>", "a", [{"type": "code", "offset": 0, "length": 1}]),
    ("<blockquote expandable>a</blockquote>", "a",
     [{"type": "expandable_blockquote", "offset": 0, "length": 1}]),
    ('<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>', "👍",
     [{"type": "custom_emoji", "offset": 0, "length": 2, "custom_emoji_id": "5368324170671202286"}]),
    ('<tg-time unix="1700000000" format="wDT">soon</tg-time>', "soon",
     [{"type": "date_time", "offset": 0, "length": 4, "unix_time": 1700000000, "date_time_format": "wDT"}]),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "reason"), REFUSED)
def test_refuses_in_telegrams_words(markup: str, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        HtmlParser(markup).parse()
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(("markup", "text", "entities"), ACCEPTED)
def test_reads_tags(markup: str, text: str, entities: list[dict[str, Any]]) -> None:
    formatted = from_bot(markup, "HTML", None)
    assert formatted.text == text
    assert as_json(formatted.entities) == entities


@given(st.text())
def test_escaped_text_comes_back(text: str) -> None:
    formatted = HtmlParser(escape(text)).parse()
    assert formatted.text == text
    assert formatted.entities == []


@given(st.text(), st.text(min_size=1), st.text())
def test_offsets_count_utf16_units(before: str, inside: str, after: str) -> None:
    formatted = HtmlParser(f"{escape(before)}<b>{escape(inside)}</b>{escape(after)}").parse()
    [bold] = formatted.entities
    units = formatted.text.encode("utf-16-le")
    assert units[2 * bold.offset : 2 * bold.end].decode("utf-16-le") == inside


@given(st.lists(st.tuples(st.sampled_from(["b", "i", "u", "s", "code", "blockquote"]), st.text(max_size=8))))
def test_entities_stay_inside_the_text_and_nest(pieces: list[tuple[str, str]]) -> None:
    markup = "".join(f"<{tag}>{escape(text)}<u>{escape(text)}</u></{tag}>" for tag, text in pieces)
    formatted = from_bot(markup, "HTML", None)
    assert formatted.text == formatted.text.rstrip(BLANK)
    length = utf16(formatted.text)
    for one in formatted.entities:
        assert 0 <= one.offset < one.end <= length


@given(st.text(alphabet="<>/bi &;=\"'ax1-🏟", max_size=40))
def test_any_markup_is_read_or_refused(markup: str) -> None:
    with contextlib.suppress(ApiError):
        formatted = HtmlParser(markup).parse()
        assert all(one.end <= utf16(formatted.text) for one in formatted.entities)
