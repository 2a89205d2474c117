"""Which menu of typed commands a person is shown."""

from typing import Final
from zlib import crc32

from shared.command_menu import command_menu
from shared.contracts.base import Audience
from shared.i18n.translator import Translator

UNKNOWN: Final = "unknown"
"""Instead of a menu's name: there is no telling which one Telegram shows, so it is published anew."""


def menu_name(audience: Audience, texts: Translator, public: Translator) -> str | None:
    """Name the menu that a person needs for themselves; None where the public one is just that.

    `public` speaks the language in which Telegram shows the public menu, which goes by the person's app. A
    name changes with what stands in the menu, so a release with another command is another menu.
    """
    if audience is Audience.EVERYONE and texts is public:
        return None
    content = repr(command_menu(texts, audience))
    return f"{audience.name.lower()}:{texts.language}:{crc32(content.encode()):08x}"
