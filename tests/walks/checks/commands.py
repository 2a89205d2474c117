"""Nobody's command failed, and nobody was left without an answer."""

from collections.abc import AsyncIterator

from tests.walks.checks.looking import rows
from tests.walks.walk import Walk


async def check_commands(walk: Walk) -> AsyncIterator[str]:
    """Look for commands, timers and messages that failed, and for taps that were not answered once."""
    for failure in (*walk.phones.failures, *walk.log.errors):
        yield failure
    for each in walk.stage.telegram.emulator.world.callbacks.values():
        if each.id not in walk.phones.repeated and each.answers != 1:
            yield f"tap {each.id} of {each.user_id} was answered {each.answers} times"
    for row in await rows(walk, "SELECT kind, reason FROM dead_command"):
        yield f"{row['kind']} is dead: {row['reason']}"
    failed = "SELECT kind, last_error, chat_id FROM outbox WHERE state = 'failed' AND chat_id > 0"
    for row in await rows(walk, failed):
        if row["chat_id"] in walk.phones.lost:
            continue
        yield f"{row['kind']} could not be sent to {row['chat_id']}: {row['last_error']}"
    overdue = """
        SELECT kind, due_at FROM timer WHERE due_at <= :now
        UNION ALL SELECT kind, due_at FROM outbox WHERE state = 'pending' AND due_at <= :now
    """
    for row in await rows(walk, overdue):
        yield f"{row['kind']} is due since {row['due_at']:%d %b %H:%M} and is not done"
