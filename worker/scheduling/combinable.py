"""Which services can be several in one visit, as SQL says it."""

from typing import Final

COMBINABLE: Final = """
service.capacity = 1 AND NOT service.approval AND service.deposit IS NULL AND NOT EXISTS (
    SELECT FROM service_question AS question
    WHERE question.business_id = service.business_id AND question.service_id = service.id
)
"""
"""Whether a service can be one of several in a visit: nothing has to happen before it is booked."""
