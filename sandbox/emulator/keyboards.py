"""reply_markup: which keyboards Telegram takes."""

from decimal import Decimal
from typing import Any

from sandbox.emulator.entities.links import LinkError, checked
from sandbox.emulator.entities.text import utf16
from sandbox.emulator.errors import ApiError, bad_request
from sandbox.emulator.world import Json
from shared.telegram.currencies import DIGITS

MAX_CALLBACK_DATA_BYTES = 64
MAX_INLINE_BUTTONS = 100
MAX_INLINE_ROW = 8
MAX_REPLY_BUTTONS = 300
MAX_REPLY_ROW = 12
MAX_INLINE_BYTES = 10_240
MAX_COPY_TEXT = 256
PLACEHOLDER, MAX_PLACEHOLDER = "input_field_placeholder", 64
STYLES = frozenset({"danger", "success", "primary"})
ACTIONS = frozenset(
    {
        "url",
        "login_url",
        "callback_data",
        "web_app",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    }
)
MAY_BE_EMPTY = frozenset({"switch_inline_query", "switch_inline_query_current_chat"})
REPLY_FLAGS = ("is_persistent", "resize_keyboard", "one_time_keyboard", "selective", "force_reply")
REQUESTS = (
    "request_contact",
    "request_location",
    "request_poll",
    "web_app",
    "request_users",
    "request_chat",
    "request_managed_bot",
)


def read(markup: Any, *, pays: bool = False) -> Json | None:  # noqa: ANN401 - any JSON
    """Return the checked keyboard, None when there is none; raises ApiError. With `pays` it is an invoice's.

    Where a markup is several things, Telegram takes the first of: keyboard, inline keyboard, removal, reply.
    """
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    _flags(markup, ("remove_keyboard", "force_reply", "selective"))
    _check_placeholder(markup)
    return _reply(markup) or _inline(markup, pays=pays) or _plain(markup)


def to_pay(total: int, currency: str) -> Json:
    """Return the keyboard of an invoice that comes without: one button, which Telegram labels."""
    amount = Decimal(total).scaleb(-DIGITS.get(currency, 0))
    return {"inline_keyboard": [[{"text": f"Pay {amount} {currency}", "pay": True}]]}


def is_inline(markup: Json | None) -> bool:
    """Tell whether the keyboard belongs to its message."""
    return markup is not None and "inline_keyboard" in markup


def _plain(markup: Json) -> Json | None:
    for kind in ("remove_keyboard", "force_reply"):
        if markup.get(kind):
            return _kept(markup, (kind, "selective", *([PLACEHOLDER] if kind == "force_reply" else [])))
    return None


def _kept(markup: Json, names: tuple[str, ...]) -> Json:
    return {name: markup[name] for name in names if markup.get(name)}


def _rows(markup: Json, name: str, owner: str = "") -> list[list[Any]]:
    rows = markup.get(name)
    if rows is None:
        return []
    if not isinstance(rows, list):
        raise bad_request(f'field "{name}" must be of type Array')
    for row in rows:
        if not isinstance(row, list):
            raise bad_request(f'field "{name}"{owner} must be an Array of Arrays')
    return [row for row in rows if row]


def _flags(markup: Json, names: tuple[str, ...]) -> None:
    for name in names:
        if markup.get(name) is not None and not isinstance(markup[name], bool):
            raise bad_request(f'field "{name}" must be of type Boolean')


def _check_placeholder(markup: Json) -> None:
    text = markup.get(PLACEHOLDER)
    if text is not None and not isinstance(text, str):
        raise bad_request(f'field "{PLACEHOLDER}" must be of type String')
    if text and utf16(text) > MAX_PLACEHOLDER:
        raise bad_request("REPLY_MARKUP_INVALID")


def _inline(markup: Json, *, pays: bool) -> Json | None:
    given = _rows(markup, "inline_keyboard", " of the InlineKeyboardMarkup")
    rows = [[_inline_button(button) for button in row] for row in given]
    buttons = [button for row in rows for button in row]
    _check_pay(buttons, pays=pays)
    size = sum(_size(button) for button in buttons)
    if len(buttons) > MAX_INLINE_BUTTONS or size > MAX_INLINE_BYTES:
        raise bad_request("reply markup is too long")
    if any(len(row) > MAX_INLINE_ROW for row in rows):
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows, **_kept(markup, ("force_reply",))} if rows else None


def _check_pay(buttons: list[Json], *, pays: bool) -> None:
    """Let a Pay button be the first of an invoice, which needs one, and stand nowhere else."""
    paying = ["pay" in button for button in buttons]
    if any(paying) and not pays:
        raise bad_request("BUTTON_TYPE_INVALID")
    if pays and buttons and (not paying[0] or any(paying[1:])):
        raise bad_request("BUTTON_POS_INVALID")


def _size(button: Json) -> int:
    return sum(len(name) + len(value) for name, value in button.items() if isinstance(value, str))


def _refuse(reason: str, keyboard: str = "inline keyboard") -> ApiError:
    return bad_request(f"can't parse {keyboard} button: {reason}")


def _text(button: Json, keyboard: str) -> str:
    if "text" not in button:
        raise _refuse('Can\'t find field "text"', keyboard)
    text = button["text"]
    if not isinstance(text, str):
        raise _refuse('Field "text" must be of type String', keyboard)
    if not text.strip():
        raise bad_request(f"{keyboard} button text must be non-empty")
    if "style" in button and button["style"] not in STYLES:
        raise _refuse("Invalid button style specified", keyboard)
    return text


def _inline_button(button: Any) -> Json:  # noqa: ANN401 - any JSON
    if not isinstance(button, dict):
        raise _refuse("InlineKeyboardButton should be an Object")
    kept: Json = {"text": _text(button, "inline keyboard")}
    kept |= {name: button[name] for name in ("style", "icon_custom_emoji_id") if button.get(name)}
    if isinstance(button.get("disabled"), dict):
        kept["disabled"] = {}
    actions = [name for name in button if name in ACTIONS and _acts(name, button[name])]
    if not actions and "disabled" not in kept:
        raise _refuse("Text buttons are unallowed in the inline keyboard")
    if len(actions) + ("disabled" in kept) > 1:
        raise _refuse("Exactly one action must be specified")
    return kept | {name: _action(name, button[name]) for name in actions}


def _acts(name: str, value: Any) -> bool:  # noqa: ANN401 - any JSON
    if value == "":
        return name in MAY_BE_EMPTY
    return value is not None and value is not False


def _action(name: str, value: Any) -> Any:  # noqa: ANN401 - any JSON
    if name == "callback_data":
        return _callback_data(value)
    if name == "url":
        return _url(value)
    if name == "web_app":
        return _web_app(value, "inline keyboard button")
    if name == "copy_text":
        return _copy_text(value)
    if name == "callback_game":
        raise bad_request("BUTTON_TYPE_INVALID")
    if name.startswith("switch_inline_query") and not isinstance(value, str | dict):
        raise _refuse(f'Field "{name}" must be of type String')
    return value


def _callback_data(value: Any) -> str:  # noqa: ANN401 - any JSON
    if not isinstance(value, str):
        raise _refuse('Field "callback_data" must be of type String')
    if len(value.encode()) > MAX_CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    return value


def _url(value: Any) -> str:  # noqa: ANN401 - any JSON
    if not isinstance(value, str):
        raise _refuse('Field "url" must be of type String')
    try:
        return checked(value)
    except LinkError as error:
        raise bad_request(f"inline keyboard button {error}") from None


def _web_app(value: Any, place: str) -> Json:  # noqa: ANN401 - any JSON
    url = value.get("url") if isinstance(value, dict) else None
    if not isinstance(url, str):
        raise bad_request(f"can't parse {place}: Can't find field \"url\"")
    if not url.lower().startswith("https://"):
        raise bad_request(f"{place} Web App URL '{url}' is invalid: Only HTTPS links are allowed")
    return {"url": url}


def _copy_text(value: Any) -> Json:  # noqa: ANN401 - any JSON
    text = value.get("text") if isinstance(value, dict) else None
    if not isinstance(text, str) or not 0 < utf16(text) <= MAX_COPY_TEXT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return {"text": text}


def _reply(markup: Json) -> Json | None:
    _flags(markup, REPLY_FLAGS)
    rows = [[_reply_button(button) for button in row] for row in _rows(markup, "keyboard")]
    if not rows:
        return None
    if sum(map(len, rows)) > MAX_REPLY_BUTTONS or any(len(row) > MAX_REPLY_ROW for row in rows):
        raise bad_request("reply markup is too long")
    return {"keyboard": rows, **_kept(markup, (*REPLY_FLAGS, PLACEHOLDER))}


def _reply_button(button: Any) -> Json:  # noqa: ANN401 - any JSON
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise _refuse("KeyboardButton should be an Object", "keyboard")
    _text(button, "keyboard")
    requests = [name for name in REQUESTS if button.get(name)]
    if len(requests) > 1:
        raise _refuse("Exactly one action must be specified", "keyboard")
    if "web_app" in requests:
        _web_app(button["web_app"], "keyboard button")
    return dict(button)
