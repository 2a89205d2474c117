"""Whoever became staff, left it or speaks another language now gets another menu."""

from shared.contracts.people import ChooseLanguage, SetReachable
from worker.people import promises
from worker.runtime.context import RequestContext


class MenuFollowUp:
    """Promises a person another menu where the one they have is no longer theirs."""

    def is_due(self, context: RequestContext) -> bool:
        """Compare with what was loaded.

        Who has just blocked the bot is shown nothing, who chooses a language is promised its menu there, and
        who sets the business up when it is there.
        """
        elsewhere = isinstance(context.envelope.command, SetReachable | ChooseLanguage)
        return context.is_founded and not elsewhere and promises.is_menu_wrong(context, context.texts)

    async def run(self, context: RequestContext) -> None:
        """Promise it."""
        await promises.promise_menu(context, context.texts)
