"""InputMedia: the photo or document that a message becomes."""

from typing import Any

from sandbox.emulator import files
from sandbox.emulator.errors import ApiError, bad_request
from sandbox.emulator.methods.call import Call
from sandbox.emulator.methods.texts import CAPTION_TOO_LONG, caption_content, photo_looks
from sandbox.emulator.methods.uploads import media
from sandbox.emulator.params import Params
from sandbox.emulator.world import Json

STRINGS = ("type", "media", "caption", "parse_mode")
FLAGS = ("show_caption_above_media", "has_spoiler")


def media_content(call: Call) -> Json:
    """Return the content of the message that a call's InputMedia makes; raises ApiError."""
    if not call.params.text("media"):
        raise bad_request('parameter "media" is required')
    given = _checked(call.params.nested("media", "input media"))
    kind = given.text("type")
    if kind not in {"photo", "document"}:
        raise _refuse(f'type "{kind}" is unsupported')
    caption = _caption(given)
    stored = media(call, kind, given.text("media"))
    if kind == "photo":
        return {"photo": files.photo(stored), **caption, **photo_looks(given)}
    return {"document": files.document(stored), **caption}


def _refuse(reason: str) -> ApiError:
    return bad_request(f"can't parse InputMedia: {reason}")


def _checked(given: Any) -> Params:  # noqa: ANN401 - any JSON
    if not isinstance(given, dict):
        raise _refuse("expected an Object")
    for names, kind, word in ((STRINGS, str, "String"), (FLAGS, bool, "Boolean")):
        for name in names:
            if given.get(name) is not None and not isinstance(given[name], kind):
                raise _refuse(f'Field "{name}" must be of type {word}')
    if not given.get("media"):
        raise _refuse("media not found")
    if given.get("type") is None:
        raise _refuse('Can\'t find field "type"')
    return Params(given)


def _caption(given: Params) -> Json:
    try:
        return caption_content(given)
    except ApiError as error:
        reason = error.description.removeprefix("Bad Request: ")
        if reason == CAPTION_TOO_LONG:
            raise
        raise _refuse(reason[:1].upper() + reason[1:]) from None
