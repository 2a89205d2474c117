"""What is shown in chats that are not the person's own with the bot: results to choose from, and cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.i18n.translator import Html
from worker.ui.graphemes import cut
from worker.ui.view import LONGEST_LABEL

MOST_CARDS: Final = 50
"""Results of one query: Telegram's limit."""
LONGEST_TITLE: Final = 120
"""UTF-16 units of a result's title, and of what stands below it: phones show less."""
CACHE_SECONDS: Final = 15
"""For so long Telegram may give the same person the same results: a time may be gone meanwhile."""


@dataclass(frozen=True, slots=True)
class CardButton:
    """A button of a card in any chat: it opens the bot."""

    text: str
    start: str
    """What `/start` carries: `shared.links.payload_of` writes it."""

    def as_json(self, bot_link: str) -> dict[str, Any]:
        """Write it as the Bot API's InlineKeyboardButton."""
        return {"text": cut(self.text, LONGEST_LABEL), "url": f"{bot_link}?start={self.start}"}


@dataclass(frozen=True, slots=True)
class InlineCard:
    """A card that somebody posts in a chat by choosing it, or that the bot posts there as a guest."""

    key: str
    """What it is known by among the results of a query: 1 to 64 bytes."""
    title: str
    description: str
    text: Html
    keyboard: Sequence[Sequence[CardButton]] = ()

    def markup(self, bot_link: str) -> dict[str, Any]:
        """Write its buttons as the Bot API's InlineKeyboardMarkup."""
        return {"inline_keyboard": [[each.as_json(bot_link) for each in row] for row in self.keyboard]}

    def as_json(self, bot_link: str) -> dict[str, Any]:
        """Write it as the Bot API's InlineQueryResultArticle."""
        content = {
            "message_text": self.text,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
        markup = {"reply_markup": self.markup(bot_link)} if self.keyboard else {}
        return {
            "type": "article",
            "id": self.key,
            "title": cut(self.title, LONGEST_TITLE),
            "description": cut(self.description, LONGEST_TITLE),
            "input_message_content": content,
            **markup,
        }


@dataclass(frozen=True, slots=True)
class ResultsButton:
    """A button above the results, which opens the bot: what there is to say where nothing is found."""

    text: str
    start: str
    """What `/start` carries."""

    def as_json(self) -> dict[str, Any]:
        """Write it as the Bot API's InlineQueryResultsButton."""
        return {"text": cut(self.text, LONGEST_LABEL), "start_parameter": self.start}


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """What is found for a query. To a guest query its first card is posted."""

    cards: Sequence[InlineCard] = ()
    button: ResultsButton | None = None
    cache_seconds: int = CACHE_SECONDS
    is_personal: bool = True
    """Whether Telegram may give it to this person alone: it is in their language, say."""

    def parameters(self, bot_link: str) -> dict[str, Any]:
        """Write it as the parameters of answerInlineQuery."""
        button = {} if self.button is None else {"button": self.button.as_json()}
        return {
            "results": [each.as_json(bot_link) for each in self.cards[:MOST_CARDS]],
            "cache_time": self.cache_seconds,
            "is_personal": self.is_personal,
            **button,
        }
