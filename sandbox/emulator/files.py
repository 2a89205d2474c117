"""Files that bots and people send: kept, and described as the Bot API does."""

import mimetypes
import secrets
from pathlib import PurePath

from sandbox.emulator.errors import bad_request
from sandbox.emulator.images import image_size
from sandbox.emulator.world import Bot, Json, StoredFile, World

MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_PHOTO_SIDES = 10_000
MAX_PHOTO_RATIO = 20
UNKNOWN_MIME = "application/octet-stream"


def keep(world: World, bot: Bot, kind: str, name: str, mime_type: str, data: bytes) -> StoredFile:
    """Keep a file for the bot; raises ApiError for one that is empty or a photo that is none."""
    if not data:
        raise bad_request("file must be non-empty")
    width, height = _photo_size(data) if kind == "photo" else (0, 0)
    name = PurePath(name.replace("\\", "/")).name or kind
    identifier, unique = secrets.token_urlsafe(36), secrets.token_urlsafe(10)
    path = f"{kind}s/file_{len(world.files)}{PurePath(name).suffix}"
    mime = _mime_type(mime_type, name)
    stored = StoredFile(identifier, unique, bot.id, kind, name, mime, path, data, width, height)
    world.files[identifier] = stored
    world.touch("file", identifier)
    return stored


def described(stored: StoredFile) -> Json:
    """Return what the Bot API says of every file."""
    return {"file_id": stored.id, "file_unique_id": stored.unique_id, "file_size": len(stored.data)}


def document(stored: StoredFile) -> Json:
    """Return the file as a Bot API Document."""
    return {**described(stored), "file_name": stored.name, "mime_type": stored.mime_type}


def photo(stored: StoredFile) -> list[Json]:
    """Return the file as Bot API PhotoSizes: the one that was sent."""
    return [{**described(stored), "width": stored.width, "height": stored.height}]


def _mime_type(given: str, name: str) -> str:
    guessed = mimetypes.guess_type(name)[0] or UNKNOWN_MIME
    mime = given.partition(";")[0].strip()
    return guessed if mime in {"", UNKNOWN_MIME} else mime


def _photo_size(data: bytes) -> tuple[int, int]:
    if len(data) > MAX_PHOTO_BYTES:
        raise bad_request("file is too big")
    if (size := image_size(data)) is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(size) > MAX_PHOTO_SIDES or max(size) > MAX_PHOTO_RATIO * max(1, min(size)):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size
