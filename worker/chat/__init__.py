"""What people write, send or tap that is no command of its own, and the questions that they answer so."""

from typing import Final

from shared.contracts import chat as contract
from worker.chat import handlers
from worker.chat.hook import QuestionHook
from worker.chat.messages import MESSAGES
from worker.runtime.capability import Capability, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    messages=MESSAGES,
    hooks=(QuestionHook(),),
)
