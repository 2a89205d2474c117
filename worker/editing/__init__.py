"""The business, changed in the chat."""

from functools import partial
from typing import Final

from shared.contracts import editing as contract
from worker.editing import handlers, views
from worker.editing.messages import MESSAGES
from worker.runtime.capability import AdminButton, Capability, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    messages=MESSAGES,
    admin=(
        AdminButton(20, partial(views.admin_button, section="services")),
        AdminButton(21, partial(views.admin_button, section="specialists")),
        AdminButton(22, views.hours_button),
        AdminButton(23, partial(views.admin_button, section="locations")),
        AdminButton(23, partial(views.admin_button, section="resources")),
        AdminButton(24, views.business_button),
        AdminButton(24, views.texts_button),
        AdminButton(25, views.export_button),
    ),
)
