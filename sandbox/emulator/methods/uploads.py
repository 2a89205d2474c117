"""Files that a bot's call brings, or names by an id the bot already has."""

from sandbox.emulator import files
from sandbox.emulator.errors import bad_request
from sandbox.emulator.methods.call import Call
from sandbox.emulator.world import Json, StoredFile

ATTACH = "attach://"
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024


def document(call: Call) -> Json:
    """Return the Bot API Document a call sends; raises ApiError."""
    return files.document(_sent(call, "document"))


def photo(call: Call) -> list[Json]:
    """Return the Bot API PhotoSizes a call sends; raises ApiError."""
    return files.photo(_sent(call, "photo"))


def media(call: Call, kind: str, value: str) -> StoredFile:
    """Return the photo or document that an InputMedia names; raises ApiError."""
    found = _found(call, kind, value)
    if found is None:
        raise bad_request("can't parse InputMedia: media not found")
    return found


async def get_file(call: Call) -> Json:
    """Tell where a file can be downloaded."""
    stored = call.emulator.world.files.get(call.params.text("file_id"))
    if stored is None or stored.bot_id != call.bot.id:
        raise bad_request("invalid file_id")
    if len(stored.data) > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {**files.described(stored), "file_path": stored.path}


def _sent(call: Call, kind: str) -> StoredFile:
    value = call.params.text(kind).strip()
    found = _uploaded(call, kind, kind) if kind in call.params.files else _found(call, kind, value)
    if found is None:
        raise bad_request(f"there is no {kind} in the request")
    return found


def _found(call: Call, kind: str, value: str) -> StoredFile | None:
    if not value:
        return None
    if value.startswith(ATTACH):
        return _uploaded(call, kind, value.removeprefix(ATTACH))
    if value.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    stored = call.emulator.world.files.get(value)
    if stored is None or stored.bot_id != call.bot.id:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if stored.kind != kind:
        raise bad_request("type of file mismatch")
    return stored


def _uploaded(call: Call, kind: str, name: str) -> StoredFile | None:
    upload = call.params.files.get(name)
    if upload is None:
        return None
    return files.keep(call.emulator.world, call.bot, kind, upload.name, upload.mime_type, upload.data)
