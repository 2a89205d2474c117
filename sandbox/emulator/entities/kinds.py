"""Types of entities: the Bot API's names and fields beside TDLib's."""

from functools import lru_cache
from html import escape
from typing import Any

from sandbox.emulator.entities.tdlib import Json, parse

CODE = "textEntityTypeCode"
BY_NAME = {
    "bold": "textEntityTypeBold",
    "italic": "textEntityTypeItalic",
    "underline": "textEntityTypeUnderline",
    "strikethrough": "textEntityTypeStrikethrough",
    "spoiler": "textEntityTypeSpoiler",
    "blockquote": "textEntityTypeBlockQuote",
    "expandable_blockquote": "textEntityTypeExpandableBlockQuote",
    "code": CODE,
    "pre": "textEntityTypePre",
    "mention": "textEntityTypeMention",
    "hashtag": "textEntityTypeHashtag",
    "cashtag": "textEntityTypeCashtag",
    "bot_command": "textEntityTypeBotCommand",
    "url": "textEntityTypeUrl",
    "email": "textEntityTypeEmailAddress",
    "phone_number": "textEntityTypePhoneNumber",
    "bank_card_number": "textEntityTypeBankCardNumber",
}
"""The types without fields of their own."""
NAMES = {kind: name for name, kind in BY_NAME.items()}
AUTOMATIC = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number"}
)
"""What only Telegram itself marks: given by a bot, it is passed over."""
SPLIT = frozenset(BY_NAME[name] for name in ("bold", "italic", "underline", "strikethrough", "spoiler"))
QUOTES = frozenset(BY_NAME[name] for name in ("blockquote", "expandable_blockquote"))
PRECISION = {"Short": ("d", "t"), "Long": ("D", "T"), "None": ("", "")}
PRECISION_TYPE = "dateTimePartPrecision"
FORMATS_KEPT = 100


def overlays(kind: str) -> bool:
    """Tell whether an entity of the TDLib type may lie over any other: styles and quotations may."""
    return kind in SPLIT or kind in QUOTES


def as_bot_api(entity: Json) -> dict[str, Any]:
    """Return a TDLib entity as the Bot API's MessageEntity."""
    name, details = _described(entity["type"])
    return {"offset": entity["offset"], "length": entity["length"], "type": name, **details}


@lru_cache(maxsize=FORMATS_KEPT)
def formatting_type(form: str) -> Json | None:
    """Return TDLib's value for a date-time format such as `wDT`; raises TdlibError for none."""
    _, [entity] = parse(f'<tg-time unix="1" format="{escape(form)}">x</tg-time>', "html")
    found: Json | None = entity["type"].get("formatting_type")
    return found


def _described(kind: Json) -> tuple[str, dict[str, Any]]:
    match kind["@type"]:
        case "textEntityTypePreCode":
            return "pre", {"language": kind["language"]}
        case "textEntityTypeTextUrl":
            return "text_link", {"url": kind["url"]}
        case "textEntityTypeMentionName":
            return "text_mention", {"user": {"id": kind["user_id"]}}
        case "textEntityTypeCustomEmoji":
            return "custom_emoji", {"custom_emoji_id": kind["custom_emoji_id"]}
        case "textEntityTypeDateTime":
            return "date_time", {"unix_time": kind["unix_time"], **_format(kind.get("formatting_type"))}
        case plain:
            return NAMES[plain], {}


def _format(kind: Json | None) -> dict[str, str]:
    if kind is None:
        return {}
    if kind["@type"] == "dateTimeFormattingTypeRelative":
        return {"date_time_format": "r"}
    date = PRECISION[kind["date_precision"]["@type"].removeprefix(PRECISION_TYPE)][0]
    time = PRECISION[kind["time_precision"]["@type"].removeprefix(PRECISION_TYPE)][1]
    return {"date_time_format": ("w" if kind["show_day_of_week"] else "") + date + time}
