"""Texts with entities: what bots and users send becomes what Telegram makes of it."""

import contextlib
import time
from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.emulator.entities.links import LinkError, checked
from sandbox.emulator.entities.reading import from_bot, from_user
from sandbox.emulator.entities.text import utf16
from sandbox.emulator.errors import ApiError

type Entity = dict[str, Any]

TODAY = int(time.time())
FURTHEST = 1098 * 24 * 3600
MOMENT = {"unix_time": 1700000000, "date_time_format": "wDT"}


def entity(kind: str, offset: int, length: int, **details: object) -> Entity:
    return {"type": kind, "offset": offset, "length": length, **details}


REFUSED = [
    ("HTML", "<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
    ("HTML", "<Я>a</Я>", 'Unsupported start tag "Я" at byte offset 0'),
    ("HTML", "🏟 🏟<b>unclosed", 'Can\'t find end tag corresponding to start tag "b"'),
    ("HTML", "🏟 🏟<i>a</em>", 'Unmatched end tag at byte offset 13, expected "</i>", found "</em>"'),
    ("HTML", "<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("HTML", '<tg-time unix="1700000000" format="wQ">x</tg-time>', "Invalid date format used"),
    ("MarkdownV2", "a.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
    ("MarkdownV2", "🏟 🏟_abac", "Can't find end of Italic entity at byte offset 9"),
    ("MarkdownV2", "[x](y", "Can't find end of a URL at byte offset 4"),
    ("Markdown", "*unclosed", "Can't find end of the entity starting at byte offset 0"),
]

ACCEPTED: list[tuple[str, str, str, list[Entity]]] = [
    ("HTML", "&lt;&gt;&amp;&quot;&laquo;", '<>&"&laquo;', []),
    ("HTML", "&ampB", "&ampB", []),
    ("HTML", "🏟 🏟<i>🏟 &lt🏟</i>", "🏟 🏟🏟 <🏟", [entity("italic", 5, 6)]),
    ("HTML", "<ins>a</ins><strike>b</strike><del>c</del>", "abc",
     [entity("underline", 0, 1), entity("strikethrough", 1, 2)]),
    ("HTML", '<a href="telegram.org">x</a>', "x", [entity("text_link", 0, 1, url="http://telegram.org/")]),
    ("HTML", '<a href="tg://user?id=7">x</a>', "x", [entity("text_mention", 0, 1, user={"id": 7})]),
    ("HTML", '<pre><code class="language-py">a</code></pre>', "a", [entity("pre", 0, 1, language="py")]),
    ("HTML", "<code><b>a</b></code>", "a", [entity("code", 0, 1)]),
    ("HTML", "<blockquote expandable>a</blockquote>", "a", [entity("expandable_blockquote", 0, 1)]),
    ("HTML", '<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>', "👍",
     [entity("custom_emoji", 0, 2, custom_emoji_id="5368324170671202286")]),
    ("HTML", '<tg-time unix="1700000000" format="wDT">soon</tg-time>', "soon",
     [entity("date_time", 0, 4, **MOMENT)]),
    ("HTML", '<tg-time unix="1700000000">soon</tg-time>', "soon",
     [entity("date_time", 0, 4, unix_time=1700000000)]),
    ("HTML", '<tg-time unix="-1" format="r">gone</tg-time>', "gone", []),
    ("HTML", "  <b> a </b>\r\n ", " a", [entity("bold", 0, 2)]),
    ("HTML", "<b>see a</b>bc.org", "see abc.org",
     [entity("bold", 0, 4), entity("url", 4, 7), entity("bold", 4, 1)]),
    ("MarkdownV2", "_a __b___", "a b",
     [entity("italic", 0, 2), entity("italic", 2, 1), entity("underline", 2, 1)]),
    ("MarkdownV2", "```py\nx\\`y```", "x`y", [entity("pre", 0, 3, language="py")]),
    ("MarkdownV2", ">a\n>b\nc", "a\nb\nc", [entity("blockquote", 0, 4)]),
    ("MarkdownV2", "**>a\n>b||", "a\nb", [entity("expandable_blockquote", 0, 3)]),
    ("MarkdownV2", "x\n>||\n", "x", []),
    ("MarkdownV2", "x\n>**>", "x", []),
    ("MarkdownV2", "![22:45](tg://time?unix=1700000000&format=wDT)", "22:45",
     [entity("date_time", 0, 5, **MOMENT)]),
    ("Markdown", "*b* _i_ `c` [x](telegram.org) \\_ **", "b i c x _",
     [entity("bold", 0, 1), entity("italic", 2, 1), entity("code", 4, 1),
      entity("text_link", 6, 1, url="http://telegram.org/")]),
    ("", "**b** [x](y) ~~|| `", "**b** [x](y) ~~|| `", []),
    ("", "/start @anna #tag $USD a@b.com x.org 12:03",
     "/start @anna #tag $USD a@b.com x.org 12:03",
     [entity("bot_command", 0, 6), entity("mention", 7, 5), entity("hashtag", 13, 4),
      entity("cashtag", 18, 4), entity("email", 23, 7), entity("url", 31, 5)]),
    ("", "4242 4242 4242 4242", "4242 4242 4242 4242", [entity("bank_card_number", 0, 19)]),
]  # fmt: skip

GIVEN: list[tuple[str, list[Entity], list[Entity]]] = [
    ("abcdef", [entity("italic", 0, 4), entity("bold", 2, 4)],
     [entity("italic", 0, 2), entity("bold", 2, 4), entity("italic", 2, 2)]),
    ("ab", [entity("bold", 0, 1), entity("bold", 1, 1)], [entity("bold", 0, 2)]),
    ("ab", [entity("url", 0, 2), entity("pre", 0, 2, language="py")], [entity("pre", 0, 2, language="py")]),
    ("ab", [entity("text_mention", 0, 2, user={"id": "7"})], [entity("text_mention", 0, 2, user={"id": 7})]),
    ("ab", [entity("date_time", 0, 2, **MOMENT)], [entity("date_time", 0, 2, **MOMENT)]),
    ("ab", [entity("date_time", 0, 2, unix_time=TODAY)], [entity("date_time", 0, 2, unix_time=TODAY)]),
    ("ab", [entity("custom_emoji", 0, 2, custom_emoji_id="5")],
     [entity("custom_emoji", 0, 2, custom_emoji_id="5")]),
]  # fmt: skip

GIVEN_WRONG: list[tuple[object, str]] = [
    ("x", "can't parse entities JSON object"),
    (["x"], "can't parse MessageEntity: expected an Object"),
    ([{"type": "bold", "length": 1}], 'can\'t parse MessageEntity: Can\'t find field "offset"'),
    ([{"type": "bold", "offset": True, "length": 1}],
     'can\'t parse MessageEntity: Field "offset" must be of type Number'),
    ([entity("bold", 2**31, 1)], 'can\'t parse MessageEntity: Field "offset" must be a valid Number'),
    ([entity("nope", 0, 1)], "can't parse MessageEntity: Unsupported type specified"),
    ([entity("pre", 0, 1, language=5)],
     'can\'t parse MessageEntity: Field "language" must be of type String'),
    ([entity("custom_emoji", 0, 1, custom_emoji_id="9" * 19)],
     'can\'t parse MessageEntity: Field "custom_emoji_id" must be a valid Number'),
    ([entity("custom_emoji", 0, 1, custom_emoji_id="0")], "invalid custom emoji identifier specified"),
    ([entity("date_time", 0, 1, unix_time=5, date_time_format="Q'")],
     "can't parse MessageEntity: Invalid date format used"),
    ([entity("date_time", 0, 1, unix_time=-5)], "invalid date specified"),
    ([entity("bold", 1, 1)],
     "entity begins in a middle of a UTF-16 symbol at byte offset 4"),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "markup", "reason"), REFUSED)
def test_refuses_markup_in_telegrams_words(mode: str, markup: str, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        from_bot(markup, mode, None)
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(("mode", "markup", "text", "entities"), ACCEPTED)
def test_reads_markup(mode: str, markup: str, text: str, entities: list[Entity]) -> None:
    formatted = from_bot(markup, mode, None)
    assert (formatted.text, formatted.entities) == (text, entities)


@pytest.mark.parametrize(("text", "given_entities", "entities"), GIVEN)
def test_reads_given_entities(text: str, given_entities: list[Entity], entities: list[Entity]) -> None:
    formatted = from_bot(text, "", given_entities)
    assert (formatted.text, formatted.entities) == (text, entities)


@pytest.mark.parametrize(("given_entities", "reason"), GIVEN_WRONG)
def test_refuses_given_entities_in_telegrams_words(given_entities: object, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        from_bot("🏟 x", "", given_entities)
    assert refusal.value.description == f"Bad Request: {reason}"


def test_a_date_lies_within_three_years() -> None:
    near, far = TODAY + FURTHEST - 60, TODAY + FURTHEST + 3600
    assert from_bot(f'<tg-time unix="{near}" format="d">x</tg-time>', "HTML", None).entities
    with pytest.raises(ApiError) as refusal:
        from_bot(f'<tg-time unix="{far}" format="d">x</tg-time>', "HTML", None)
    assert refusal.value.description == "Bad Request: invalid date specified"


def test_markup_has_a_largest_size() -> None:
    assert from_bot("<b></b>" * 4681, "HTML", None).text == ""
    with pytest.raises(ApiError) as refusal:
        from_bot("<b></b>" * 4682, "HTML", None)
    assert refusal.value.description == "Bad Request: text is too long"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("telegram.org", "http://telegram.org/"),
        ("HTTPS://Telegram.org/A?b#c", "https://telegram.org/A?b#c"),
        ("tg:resolve?domain=x", "tg://resolve?domain=x"),
        ("tg://user?id=7", "tg://user?id=7"),
    ],
)
def test_addresses(url: str, kept: str) -> None:
    assert checked(url) == kept


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("x", "URL 'x' is invalid: Wrong HTTP URL"),
        ("ftp://x.org", "URL 'ftp://x.org' is invalid: Unsupported URL protocol"),
        ("http://", "URL 'http://' is invalid: URL host is empty"),
    ],
)
def test_refused_addresses(url: str, reason: str) -> None:
    with pytest.raises(LinkError, match=reason):
        checked(url)


def test_what_a_user_types_is_no_markup() -> None:
    formatted = from_user(" <b>*hi*</b> `/start` \t")
    assert formatted.text == "<b>*hi*</b> `/start`"
    assert [one["type"] for one in formatted.entities] == ["bot_command"]


@given(st.text())
def test_escaped_text_is_plain_text(text: str) -> None:
    assert from_bot(escape(text, quote=False), "HTML", None) == from_user(text)


@given(st.text(), st.text(alphabet="ab🏟я", min_size=1), st.text())
def test_offsets_count_utf16_units(before: str, inside: str, after: str) -> None:
    formatted = from_bot(f"{escape(before)}<b>{inside}</b>{escape(after)}", "HTML", None)
    units = formatted.text.encode("utf-16-le")
    bold = [one for one in formatted.entities if one["type"] == "bold"]
    ends = [(2 * one["offset"], 2 * (one["offset"] + one["length"])) for one in bold]
    assert "".join(units[begin:end].decode("utf-16-le") for begin, end in ends) == inside


MARKUP = st.text(alphabet="_*~|`[]()>!\\ a\n🏟я<b>/&;=\"'x1.:@#\r\u202e\u0333", max_size=40)
"""Mostly refused in one mode, and accepted in another."""
GOOD = st.recursive(
    st.sampled_from(["word ", "a@b.org ", "/start ", "🏟", " ", "\n", "&lt;", "12:03"]),
    lambda inner: st.builds(
        lambda tag, content: f"<{tag}>{''.join(content)}</{tag.split()[0]}>",
        st.sampled_from(["b", "i", "code", "pre", "blockquote", "a href='a.b'", "tg-time unix='5'"]),
        st.lists(inner, max_size=3),
    ),
)
"""HTML that is always accepted."""


@given(MARKUP, st.sampled_from(["HTML", "MarkdownV2", "Markdown", ""]))
def test_any_markup_is_read_or_refused(markup: str, mode: str) -> None:
    with contextlib.suppress(ApiError):
        formatted = from_bot(markup, mode, None)
        check_entities(formatted.text, formatted.entities)


@given(st.lists(GOOD).map("".join))
def test_entities_nest_and_stay_inside_the_text(markup: str) -> None:
    formatted = from_bot(markup, "HTML", None)
    check_entities(formatted.text, formatted.entities)
    assert from_bot(formatted.text, "", formatted.entities) == formatted


def check_entities(text: str, entities: list[Entity]) -> None:
    assert text == text.rstrip(" \n")
    places = [(one["offset"], one["offset"] + one["length"]) for one in entities]
    for begin, end in places:
        assert 0 <= begin < end <= utf16(text)
        assert all(first >= end or last <= begin or inside(begin, end, first, last) for first, last in places)


def inside(begin: int, end: int, first: int, last: int) -> bool:
    return begin <= first <= last <= end or first <= begin <= end <= last
