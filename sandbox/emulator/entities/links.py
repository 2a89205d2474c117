"""Links: which addresses Telegram takes, and what it makes of them."""

from sandbox.emulator.entities.tdlib import TdlibError, fix

LINKED = "x"


class LinkError(ValueError):
    """Why an address is no link, in Telegram's words."""


def checked(url: str) -> str:
    """Return the address as Telegram keeps it; raises LinkError."""
    link = {"@type": "textEntity", "offset": 0, "length": 1, "type": _link(url)}
    try:
        _, [entity] = fix(LINKED, [link])
    except TdlibError as error:
        raise LinkError(str(error).removeprefix("Entity ")) from None
    kind = entity["type"]
    return str(kind["url"]) if "url" in kind else f"tg://user?id={kind['user_id']}"


def _link(url: str) -> dict[str, str]:
    return {"@type": "textEntityTypeTextUrl", "url": url}
