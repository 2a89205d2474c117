"""The answer to a file that an owner sent: it is fetched, and kept until they look at what it would do."""

from dataclasses import dataclass
from typing import Final

from shared.i18n.translator import Translator
from shared.telegram.errors import RefusedError
from worker.db.models.delivery import State
from worker.drafts import repository as drafts
from worker.editing import views
from worker.editing.promises import SENT_FILE
from worker.editing.repository import SENT
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.runtime.environment import OWNER
from worker.runtime.repository import load_facts

LARGEST_FILE: Final = 128 * 1024
"""Bytes; the file of a shop with a hundred specialists has half of that."""


@dataclass(slots=True)
class SentFile:
    """A file on its way: its text is there once it was fetched."""

    texts: Translator
    file_id: str
    name: str
    size: int
    text: str | None = None


class SentFileMessage(MessageHandler[SentFile]):
    """Fetches the file, answers, and keeps it: only one that was answered is kept."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> SentFile | State:
        """Say whose file it is; nobody's who owns the business no more."""
        person = claimed.message.chat_id
        facts = await load_facts(context.session, person)
        roles = facts.roles | context.environment.roles_by_settings(person)
        if facts.user is None or facts.business is None or OWNER not in roles:
            return State.VOID
        user, house = facts.user, facts.business.language
        texts = context.translators.choose(user.language, user.language_hint, house)
        payload = claimed.message.payload
        return SentFile(texts, payload["file_id"], payload["name"], payload["size"])

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: SentFile) -> int | None:
        """Fetch the file and answer."""
        content.text = await _fetched(messenger, content)
        view = views.sent_file(content.texts, content.name, readable=content.text is not None)
        return await messenger.send(claimed.message.chat_id, view)

    async def on_sent(
        self, context: MessageContext, claimed: ClaimedMessage, content: SentFile, message_id: int | None
    ) -> None:
        """Keep the file."""
        del message_id
        if content.text is not None:
            data = {"file": content.text, "name": content.name}
            await drafts.create(context.session, claimed.message.chat_id, SENT, data, context.now)


async def _fetched(messenger: Messenger, content: SentFile) -> str | None:
    """Return the file's text; None for what is too large, no text, or not there any more."""
    if content.size > LARGEST_FILE:
        return None
    try:
        data = await messenger.download(content.file_id, LARGEST_FILE)
        text = data.decode("utf-8-sig")
    except (RefusedError, UnicodeDecodeError):
        return None
    return None if len(data) > LARGEST_FILE or "\0" in text else text


MESSAGES: Final = (MessageType(SENT_FILE, Priority.REPLY, SentFileMessage()),)
