"""What comes of a request that everybody has agreed on."""

from worker.keeping.repository import confirm
from worker.payments.replies import ask_for, due_of
from worker.requests.promises import of_acceptance
from worker.runtime.context import RequestContext
from worker.visits.repository import Visit


async def agree(context: RequestContext, visit: Visit) -> Visit | None:
    """Make a visit of a request, or have its deposit paid first; None where the request is over.

    One that was paid for before it was moved is not paid for once more.
    """
    terms = visit.deposit_terms
    if terms is not None and visit.deposit is None:
        due = await due_of(
            context, terms, visit.price, visit.currency, places=visit.places, payer=visit.customer_id
        )
        if due is not None:
            return await ask_for(context, visit, terms, due)
    accepted = await confirm(context.session, visit.id, context.now)
    if accepted is not None:
        await of_acceptance(context, accepted)
    return accepted
