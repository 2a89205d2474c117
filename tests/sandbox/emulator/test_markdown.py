"""parse_mode MarkdownV2 and the old Markdown, with the refusals Telegram gives."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.emulator.entities.legacy import LegacyParser
from sandbox.emulator.entities.markdown import RESERVED, MarkdownParser
from sandbox.emulator.entities.reading import as_json, from_bot
from sandbox.emulator.entities.text import utf16
from sandbox.emulator.errors import ApiError

REFUSED = [
    ("🏟 🏟_abacaba", "Can't find end of Italic entity at byte offset 9"),
    ("🏟 🏟_abac * asd ", "Can't find end of Bold entity at byte offset 15"),
    ("🏟 🏟_abac * asd _", "Can't find end of Italic entity at byte offset 21"),
    ("🏟 🏟`", "Can't find end of Code entity at byte offset 9"),
    ("🏟 🏟```", "Can't find end of Pre entity at byte offset 9"),
    ("🏟 🏟```a", "Can't find end of Pre entity at byte offset 9"),
    ("🏟 🏟```a ", "Can't find end of PreCode entity at byte offset 9"),
    ("🏟 🏟__🏟 🏟_", "Can't find end of Italic entity at byte offset 20"),
    ("🏟 🏟_🏟 🏟__", "Can't find end of Underline entity at byte offset 19"),
    ("🏟 🏟```🏟 🏟`", "Can't find end of Code entity at byte offset 21"),
    ("[telegram\\.org](asd", "Can't find end of a URL at byte offset 16"),
    ("*bold _italic\\_*", "Can't find end of Bold entity at byte offset 15"),
]

ACCEPTED: list[tuple[str, str, list[dict[str, Any]]]] = [
    ("🏟 🏟_abac \\* asd_", "🏟 🏟abac * asd", [{"type": "italic", "offset": 5, "length": 10}]),
    ("🏟 \\.🏟_🏟\\. 🏟_", "🏟 .🏟🏟. 🏟", [{"type": "italic", "offset": 6, "length": 6}]),
    ("_a *b*_", "a b",
     [{"type": "italic", "offset": 0, "length": 3}, {"type": "bold", "offset": 2, "length": 1}]),
    ("_a __b___", "a b",
     [{"type": "italic", "offset": 0, "length": 3}, {"type": "underline", "offset": 2, "length": 1}]),
    ("~a~ ||b||", "a b",
     [{"type": "strikethrough", "offset": 0, "length": 1}, {"type": "spoiler", "offset": 2, "length": 1}]),
    ("```py\nx\\`y```", "x`y", [{"type": "pre", "offset": 0, "length": 3, "language": "py"}]),
    ("`_* *_`", "_* *_", [{"type": "code", "offset": 0, "length": 5}]),
    ("[telegram\\.org](https://telegram.dog?\\\\\\()", "telegram.org",
     [{"type": "text_link", "offset": 0, "length": 12, "url": "https://telegram.dog/?\\("}]),
    (">a\n>b\nc", "a\nb\nc", [{"type": "blockquote", "offset": 0, "length": 3}]),
    ("![22:45](tg://time?unix=1647531900&format=wDT)", "22:45",
     [{"type": "date_time", "offset": 0, "length": 5, "unix_time": 1647531900, "date_time_format": "wDT"}]),
    ("![👍](tg://emoji?id=5368324170671202286)", "👍",
     [{"type": "custom_emoji", "offset": 0, "length": 2, "custom_emoji_id": "5368324170671202286"}]),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "reason"), REFUSED)
def test_refuses_in_telegrams_words(markup: str, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        MarkdownParser(markup).parse()
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize("char", "]()#+-=|{}.!")
def test_reserved_characters_need_a_backslash(char: str) -> None:
    with pytest.raises(ApiError) as refusal:
        MarkdownParser(f"a{char}").parse()
    expected = f"Character '{char}' is reserved and must be escaped with the preceding '\\'"
    assert refusal.value.description == f"Bad Request: can't parse entities: {expected}"
    assert MarkdownParser(f"a\\{char}").parse().text == f"a{char}"


@pytest.mark.parametrize(("markup", "text", "entities"), ACCEPTED)
def test_reads_marks(markup: str, text: str, entities: list[dict[str, Any]]) -> None:
    formatted = from_bot(markup, "MarkdownV2", None)
    assert formatted.text == text
    assert as_json(formatted.entities) == entities


@given(st.text())
def test_escaped_text_comes_back(text: str) -> None:
    escaped = "".join(f"\\{char}" if char in RESERVED or char == "\\" else char for char in text)
    assert MarkdownParser(escaped).parse().text == text


@given(st.text(alphabet="_*~|`[]()>!\\ a\n🏟", max_size=30))
def test_any_markup_is_read_or_refused(markup: str) -> None:
    for parser in (MarkdownParser(markup), LegacyParser(markup)):
        with contextlib.suppress(ApiError):
            formatted = parser.parse()
            assert all(one.end <= utf16(formatted.text) for one in formatted.entities)


def test_old_markdown() -> None:
    formatted = from_bot("*b* _i_ `c` [x](telegram.org) \\_", "Markdown", None)
    assert formatted.text == "b i c x _"
    assert [one.type for one in formatted.entities] == ["bold", "italic", "code", "text_link"]


def test_old_markdown_unclosed() -> None:
    with pytest.raises(ApiError) as refusal:
        from_bot("*unclosed", "Markdown", None)
    assert refusal.value.description.endswith("Can't find end of the entity starting at byte offset 0")
