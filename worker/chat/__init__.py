"""What people write, send or tap that is no command of its own."""

from typing import Final

from shared.contracts import chat as contract
from shared.contracts.chat import ExplainButton, ExplainCell, Say
from worker.chat import handlers
from worker.runtime.capability import Capability, reads

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers={
        Say: reads(handlers.explain_text),
        ExplainButton: reads(handlers.explain_button),
        ExplainCell: reads(handlers.explain_cell),
    },
)
