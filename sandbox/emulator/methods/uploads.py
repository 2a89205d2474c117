"""Files bots send: uploaded, or named by an id they already have."""

import mimetypes
import secrets
from pathlib import PurePath

from sandbox.emulator.errors import bad_request
from sandbox.emulator.images import image_size
from sandbox.emulator.methods.call import Call
from sandbox.emulator.params import Upload
from sandbox.emulator.world import Json, StoredFile

ATTACH = "attach://"
MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_PHOTO_SIDES = 10_000
MAX_PHOTO_RATIO = 20
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
UNKNOWN_MIME = "application/octet-stream"


def document(call: Call) -> Json:
    """Return the Bot API Document a call sends; raises ApiError."""
    stored = _file(call, "document")
    return {**_described(stored), "file_name": stored.name, "mime_type": stored.mime_type}


def photo(call: Call) -> list[Json]:
    """Return the Bot API PhotoSizes a call sends; raises ApiError."""
    stored = _file(call, "photo")
    return [{**_described(stored), "width": stored.width, "height": stored.height}]


async def get_file(call: Call) -> Json:
    """Tell where a file can be downloaded."""
    stored = call.emulator.world.files.get(call.params.text("file_id"))
    if stored is None or stored.bot_id != call.bot.id:
        raise bad_request("invalid file_id")
    if len(stored.data) > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {**_described(stored), "file_path": stored.path}


def _described(stored: StoredFile) -> Json:
    return {"file_id": stored.id, "file_unique_id": stored.unique_id, "file_size": len(stored.data)}


def _file(call: Call, kind: str) -> StoredFile:
    upload = call.params.files.get(kind)
    value = call.params.text(kind).strip()
    if upload is None and value.startswith(ATTACH):
        upload = call.params.files.get(value.removeprefix(ATTACH))
    if upload is not None:
        return _store(call, kind, upload)
    if not value or value.startswith(ATTACH):
        raise bad_request(f"there is no {kind} in the request")
    if value.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    stored = call.emulator.world.files.get(value)
    if stored is None or stored.bot_id != call.bot.id:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if stored.kind != kind:
        raise bad_request("type of file mismatch")
    return stored


def _store(call: Call, kind: str, upload: Upload) -> StoredFile:
    if not upload.data:
        raise bad_request("file must be non-empty")
    width, height = _photo_size(upload) if kind == "photo" else (0, 0)
    name = PurePath(upload.name.replace("\\", "/")).name or kind
    mime = upload.mime_type.partition(";")[0].strip() or mimetypes.guess_type(name)[0] or UNKNOWN_MIME
    if mime == UNKNOWN_MIME:
        mime = mimetypes.guess_type(name)[0] or UNKNOWN_MIME
    identifier, unique = secrets.token_urlsafe(36), secrets.token_urlsafe(10)
    path = f"{kind}s/file_{len(call.emulator.world.files)}{PurePath(name).suffix}"
    stored = StoredFile(identifier, unique, call.bot.id, kind, name, mime, path, upload.data, width, height)
    call.emulator.world.files[identifier] = stored
    call.emulator.world.touch("file", identifier)
    return stored


def _photo_size(upload: Upload) -> tuple[int, int]:
    if len(upload.data) > MAX_PHOTO_BYTES:
        raise bad_request("file is too big")
    size = image_size(upload.data)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = size
    if width + height > MAX_PHOTO_SIDES or max(size) > MAX_PHOTO_RATIO * max(1, min(size)):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size
