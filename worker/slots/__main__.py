"""`python -m worker.slots`: when a service can be booked, and why not at other times."""

import asyncio
import sys
from collections.abc import Sequence
from functools import partial

from shared.clock import Clock
from shared.environment import InvalidSettingsError
from worker.command_line import DATABASE_FAILURES, UsageError, explain_failure, with_sessions
from worker.db.engine import Sessions
from worker.slots.answer import SlotReport, find_answer
from worker.slots.arguments import Question, read_arguments
from worker.slots.table import write_table

OK, FAILED, SENSELESS = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return the process's exit code."""
    try:
        question = read_arguments(arguments)
        answer = asyncio.run(with_sessions(partial(_answer, question)))
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        return SENSELESS
    except InvalidSettingsError as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    except DATABASE_FAILURES as error:
        sys.stderr.write(f"{explain_failure(error)}\n")
        return FAILED
    sys.stdout.write(_json(answer) if question.json else write_table(answer))
    return OK


async def _answer(question: Question, sessions: Sessions, clock: Clock) -> SlotReport:
    async with sessions.begin() as session:
        return await find_answer(session, question, clock)


def _json(answer: SlotReport) -> str:
    return f"{answer.model_dump_json(indent=2, exclude_none=True)}\n"


if __name__ == "__main__":
    sys.exit(main())
