"""Texts and captions of messages: read, measured, refused."""

from sandbox.emulator.entities.reading import from_bot
from sandbox.emulator.entities.text import utf16
from sandbox.emulator.errors import bad_request
from sandbox.emulator.methods.call import Call
from sandbox.emulator.params import Params
from sandbox.emulator.world import Json

MAX_TEXT = 4096
MAX_CAPTION = 1024
CAPTION_TOO_LONG = "message caption is too long"
PREVIEW_FLAGS = ("is_disabled", "prefer_small_media", "prefer_large_media", "show_above_text")


def text_content(call: Call) -> Json:
    """Return the text and entities of a message; raises ApiError."""
    text = call.params.text("text")
    if not text:
        raise bad_request("message text is empty")
    entities = call.params.nested("entities", "entities")
    formatted = from_bot(text, call.params.text("parse_mode"), entities)
    if not formatted.text:
        raise bad_request("text must be non-empty")
    if utf16(formatted.text) > MAX_TEXT:
        raise bad_request("message is too long")
    content: Json = {"text": formatted.text}
    if formatted.entities:
        content["entities"] = formatted.entities
    return content | _preview(call)


def caption_content(params: Params) -> Json:
    """Return the caption of a file and its entities, empty when there is none; raises ApiError."""
    text = params.text("caption")
    entities = params.nested("caption_entities", "caption entities")
    formatted = from_bot(text, params.text("parse_mode"), entities)
    if not formatted.text:
        return {}
    if utf16(formatted.text) > MAX_CAPTION:
        raise bad_request(CAPTION_TOO_LONG)
    content: Json = {"caption": formatted.text}
    if formatted.entities:
        content["caption_entities"] = formatted.entities
    return content


def photo_looks(params: Params) -> Json:
    """Return how a photo is to be shown: its caption above it, or covered."""
    shown = (("show_caption_above_media", "show_caption_above_media"), ("has_spoiler", "has_media_spoiler"))
    return {field: True for name, field in shown if params.flag(name)}


def _preview(call: Call) -> Json:
    options = call.params.nested("link_preview_options", "link preview options")
    if options is None:
        off = call.params.flag("disable_web_page_preview")
        return {"link_preview_options": {"is_disabled": True}} if off else {}
    if not isinstance(options, dict):
        raise bad_request("object expected as link preview options")
    for name in PREVIEW_FLAGS:
        if not isinstance(options.get(name, False), bool):
            raise bad_request(f'field "{name}" must be of type Boolean')
    return {"link_preview_options": options}
