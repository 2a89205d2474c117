"""What people write, send or tap that is no command of its own, and the questions that they answer so."""

from typing import Final

from shared.contracts import chat as contract
from shared.contracts.chat import (
    CancelConversation,
    ExpireQuestion,
    ExplainButton,
    ExplainCell,
    Say,
    SkipQuestion,
)
from worker.chat import handlers
from worker.chat.hook import QuestionHook
from worker.chat.messages import MESSAGES
from worker.runtime.access import TIMERS_ONLY
from worker.runtime.capability import Capability, reads, writes

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers={
        Say: writes(handlers.explain_text),
        SkipQuestion: writes(handlers.explain_text),
        CancelConversation: writes(handlers.cancel_conversation, keeps_question=True),
        ExpireQuestion: writes(handlers.expire_question, TIMERS_ONLY),
        ExplainButton: reads(handlers.explain_button, keeps_question=True),
        ExplainCell: reads(handlers.explain_cell, keeps_question=True),
    },
    messages=MESSAGES,
    hooks=(QuestionHook,),
)
