"""The Bot API calls that send a view, or make a message into it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from shared.telegram.client import Upload
from worker.ui.view import Media, MediaType, RenderedView, SentPhoto, Venue

_FILE: Final = "file"
_SEND_MEDIA: Final = {MediaType.PHOTO: "sendPhoto", MediaType.DOCUMENT: "sendDocument"}


@dataclass(frozen=True, slots=True)
class BotCall:
    """A method with its parameters, apart from the chat."""

    method: str
    parameters: Mapping[str, Any]
    files: Mapping[str, Upload] | None = None


def to_send(view: RenderedView, file_id: str | None = None, thread_id: int | None = None) -> BotCall:
    """Make the call that sends a view, perhaps into a topic of its chat.

    `file_id` is Telegram's id of the view's file, where it is known.
    """
    topic = {} if thread_id is None else {"message_thread_id": thread_id}
    media, about = view.media, {"reply_markup": view.reply_markup, **topic}
    if isinstance(view.shows, Venue):
        return BotCall("sendVenue", {**_place(view.shows), **about})
    if isinstance(view.shows, SentPhoto):
        return BotCall("sendPhoto", {"photo": view.shows.file_id, **_caption(view), **about})
    if media is None:
        return BotCall("sendMessage", {**_text(view), **about})
    parameters = {media.type: _named(file_id), **_caption(view), **about}
    return BotCall(_SEND_MEDIA[media.type], parameters, _files(media, file_id))


def to_edit(view: RenderedView, message_id: int, file_id: str | None = None) -> BotCall:
    """Make the call that makes a message into a view. Nothing can be made into a venue: that is sent."""
    media, about = view.media, {"message_id": message_id, "reply_markup": view.reply_markup}
    if isinstance(view.shows, SentPhoto):
        photo = {"type": MediaType.PHOTO, "media": view.shows.file_id, **_caption(view)}
        return BotCall("editMessageMedia", {"media": photo, **about})
    if media is None:
        return BotCall("editMessageText", {**_text(view), **about})
    shown = {"type": media.type, "media": _named(file_id), **_caption(view)}
    return BotCall("editMessageMedia", {"media": shown, **about}, _files(media, file_id))


def file_id_of(media: Media, message: Mapping[str, Any]) -> str | None:
    """Return Telegram's id of the file in a message that shows it; of a photo that of its largest size."""
    shown = message.get(media.type)
    found = shown[-1] if media.type is MediaType.PHOTO and shown else shown
    return str(found["file_id"]) if found else None


def _text(view: RenderedView) -> dict[str, Any]:
    return {"text": view.text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}


def _caption(view: RenderedView) -> dict[str, Any]:
    return {"caption": view.text, "parse_mode": "HTML"}


def _place(venue: Venue) -> dict[str, Any]:
    return {
        "latitude": venue.latitude,
        "longitude": venue.longitude,
        "title": venue.title,
        "address": venue.address,
    }


def _named(file_id: str | None) -> str:
    return f"attach://{_FILE}" if file_id is None else file_id


def _files(media: Media, file_id: str | None) -> dict[str, Upload] | None:
    return {_FILE: media.file} if file_id is None else None
