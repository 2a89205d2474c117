"""The results as a page for people."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.benchmarks import goals
from tests.benchmarks.crowd import SHOWN_FOR_A_BOOKING
from tests.benchmarks.system import DEFAULT_SENDS_PER_SECOND, SENDS_PER_SECOND

type Parts = dict[str, Any]

SHOWN, PAID, USUAL = SHOWN_FOR_A_BOOKING, f"{SENDS_PER_SECOND:,}", DEFAULT_SENDS_PER_SECOND
HOW = f"""
Everything runs on one machine over loopback: PostgreSQL with every commit synced, Valkey with every command
synced (`appendfsync always`), and the sandbox's strict Telegram emulator, at which taps and replies are
timed. Taps arrive at a constant rate and wait for nobody; {SHOWN} show a day's free times, then one books.
Those who tap have been here before: Bellhop stores who anybody else is, too. Contenders take turns, and
figures are medians of the rounds. Absolute figures depend on the machine; ratios within one run are what
counts. No contender finds `rich`, which no image holds: structlog imports it where it is, as it is for the
tests.

- **bellhop**: one bot and one worker with their defaults, but for one setting. `SEND_PER_SECOND` is {PAID},
  and so is the emulator's limit: Telegram's own for those who pay for broadcasts. The usual {USUAL} a second
  would be all that is measured. The limiter runs as always, each chat's limit is the usual one, and so is
  the throttle's. Bulk messages are measured with the usual {USUAL}.
- **monolith**: [one process](../../tests/benchmarks/peers/monolith.py) of aiogram, FastAPI and SQLAlchemy
  that writes the same rows and sends the same replies while Telegram waits, with no queue and no limiter.
- **stock arq**: [the same handlers](../../tests/benchmarks/peers/handlers.py) behind arq's own enqueue and
  worker with [their defaults](../../tests/benchmarks/peers/stock_arq.py).
- **floors**: [bare routes](../../tests/benchmarks/peers/floors.py) that parse JSON and call Redis; pgbench
  with the statements of a booking.

`make bench` measures anew and writes this page, `make bench-quick` gives rough figures in less than
two minutes.
""".strip()


def report(results: dict[str, Any], pictures: Sequence[str] = ()) -> str:
    """Write the page."""
    parts = results["parts"]
    sections = ["# Benchmarks", HOW, _machine(results), "## Goals", _goals(parts)]
    if results["notes"]:
        sections += ["## What went wrong", "\n".join(f"- {note}" for note in map(_line, results["notes"]))]
    if pictures:
        sections += ["## Pictures", "\n".join(f"![{name.removesuffix('.png')}]({name})" for name in pictures)]
    for name, section in SECTIONS.items():
        if name in parts:
            sections += section(parts[name])
    return "\n\n".join(sections) + "\n"


def _line(note: str) -> str:
    return " ".join(note.split())[:400]


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Write a table in Markdown; all columns but the first are figures."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, rule, *lines))


def _machine(results: dict[str, Any]) -> str:
    about = results["machine"]
    processor = f"{about['processor']}, " if about["processor"] else ""
    seconds = f", {about['seconds']} s" if "seconds" in about else ""
    lines = [
        ("Machine", f"{processor}{about['cores']} cores, {about['memory_gb']} GB, {about['system']}"),
        ("Python", about["python"]),
        ("Commit", about["commit"]),
        ("Date", about["date"]),
        ("Load average before", f"{about['load_before']}"),
        ("Run", f"{results['scale']}{seconds}"),
    ]
    return table(("", ""), lines).replace("---:", "---")


def _goals(parts: Parts) -> str:
    lines = [(row.what, row.goal, row.measured, row.verdict) for row in goals.rows(parts)]
    return table(("", "Goal", "Measured", ""), lines).replace("---:", "---")


def _taps(part: Parts) -> Iterator[str]:
    yield "## Tap → reply"
    lines = [
        (
            name,
            f"{rate}/s",
            f"{found['p50_ms']:.1f}",
            f"{found['p99_ms']:.1f}",
            f"{found['show_p50_ms']:.1f}",
            f"{found['book_p50_ms']:.1f}",
            f"{found['cpu_ms']:.2f}",
            f"{found['unanswered']:.0f} of {found['taps']:.0f}",
        )
        for name, rates in part["taps"].items()
        for rate, found in rates.items()
    ]
    head = ("", "taps", "p50 ms", "p99 ms", "p50 of showing", "p50 of booking", "CPU ms a tap", "unanswered")
    yield table(head, lines)
    yield (
        "A contender that cannot keep up answers later and later: what stands there is the length of its "
        "queue. CPU is user and system of the contender's own processes, less what they use idle."
    )
    memory = [
        (f"{name} {process}", f"{used:.0f}")
        for name, processes in part["memory"].items()
        for process, used in processes.items()
    ]
    yield table(("memory after the taps", "MB"), memory)


def _bookings(part: Parts) -> Iterator[str]:
    yield "## Bookings a second"
    plain, slow = part["a_second"], part["a_second_with_latency"]
    lines = [
        (
            f"{name}, {workers} workers" if workers != "0" else name,
            f"{rate:.0f}",
            f"{slow[name][workers]:.0f}",
        )
        for name, rates in plain.items()
        for workers, rate in rates.items()
    ]
    yield table(("", "Bot API at once", f"Bot API in {part['latency_ms']:.0f} ms"), lines)
    yield f"{part['at_once']} people book at the same time, each as soon as another one is done."


def _accept(part: Parts) -> Iterator[str]:
    yield "## Updates accepted a second"
    lines = [(name, f"{rate:,.0f}") for name, rate in part["a_second"].items()]
    yield table(("one process", "a second"), lines)
    yield f"{part['connections']} connections, each posting again as soon as it is answered; no worker runs."


def _transaction(part: Parts) -> Iterator[str]:
    yield "## The booking transaction"
    lines = [(name, f"{rate:,.0f}") for name, rate in part["a_second"].items()]
    yield table((f"{part['connections']} connections", "a second"), lines)
    yield f"{part['statements']} statements between begin and commit; pgbench sends what one booking sent."


def _agenda(part: Parts) -> Iterator[str]:
    yield "## The agenda"
    lines = [
        (what, f"{part[f'{name}_ms']:.1f}", f"{part[f'{name}_cpu_ms']:.1f}")
        for what, name in (
            ("a page of the list, decided", "list"),
            ("the picture's plan, decided", "plan"),
            ("the picture, drawn in a process of its own", "picture"),
        )
    ]
    yield table((f"a day of {part['visits']} visits", "ms", "of that CPU"), lines)
    yield f"While a picture is drawn the event loop stands still for {part['lag_ms']:.1f} ms at most."
    memory = part["memory_mb"]
    used = [
        (f"that showed {part['pictures']} lists", f"{memory['lists']:.0f}"),
        (f"that drew {part['pictures']} pictures, too", f"{memory['pictures']:.0f}"),
    ]
    yield table(("memory of a worker", "MB"), used)


def _slots(part: Parts) -> Iterator[str]:
    yield "## Slots"
    cpu = part.get("cpu_ms", {})
    lines = [
        (what, f"{each['few']:.1f}", f"{each['many']:.1f}", f"{cpu[what]:.1f}" if what in cpu else "–")
        for what, each in part["decided_ms"].items()
    ]
    head = ("bookings of 3 months alone", f"{part['bookings']:,} bookings", "of that the worker's own CPU")
    yield table(("a worker's whole decision, ms", *head), lines)
    loads = part["engine_ms"]
    names = list(next(iter(loads.values())))
    lines = [(load, *(f"{figures[name]:.2f}" for name in names)) for load, figures in loads.items()]
    yield table(("the engine alone, ms", *names), lines)


def _reminders(part: Parts) -> Iterator[str]:
    yield "## Reminders"
    lines = [
        (
            f"{pending:,} pending",
            f"{part['claim_ms'][name]:.2f}",
            f"{part['lateness'][name]['p50_s']:.3f}",
            f"{part['lateness'][name]['p99_s']:.3f}",
        )
        for name, pending in part["pending"].items()
    ]
    yield table(("", f"claim {part['claimed']} due, ms", "late p50 s", "late p99 s"), lines)


def _pick_up(part: Parts) -> Iterator[str]:
    yield "## Jobs"
    lines = [
        (name, f"{each['p50_ms']:.2f}", f"{each['p99_ms']:.2f}", f"{each['a_second']:,.0f}")
        for name, each in part.items()
    ]
    yield table(("one worker", "pick-up p50 ms", "p99 ms", "no-op jobs a second"), lines)


def _starts(part: Parts) -> Iterator[str]:
    yield "## Start-up"
    yield table(("", "seconds"), [(name, f"{seconds:.2f}") for name, seconds in part["seconds"].items()])


def _bulk(part: Parts) -> Iterator[str]:
    yield "## Bulk messages beside taps"
    lines = [
        (name, f"{part[name]['p50_ms']:.1f}", f"{part[name]['p99_ms']:.1f}") for name in ("without", "beside")
    ]
    yield table((f"{part['rate']} taps/s", "p50 ms", "p99 ms"), lines)
    yield (
        f"{part['messages']:,} reminders became due at once and went out at {part['sent_a_second']:.0f} "
        f"a second beside the taps, within {DEFAULT_SENDS_PER_SECOND} a second in all."
    )


def _idle(part: Parts) -> Iterator[str]:
    yield "## Idle"
    lines = [
        (f"{name} {process}", f"{percent:.2f}")
        for name, processes in part["cpu_percent"].items()
        for process, percent in processes.items()
    ]
    yield table(("", "% of a core"), lines)
    for title, key in (("calls to Redis a second", "redis_a_second"), ("SQL a second", "sql_a_second")):
        yield table((f"Bellhop: {title}", ""), [(name, f"{rate:.2f}") for name, rate in part[key].items()])


def _cost(part: Parts) -> Iterator[str]:
    yield "## What a booking costs"
    yield f"CPU of bot and worker: {part['cpu_ms']:.1f} ms. Calls on average of {part['bookings']} bookings:"
    for title, key in (("Redis", "redis"), ("SQL", "sql"), ("Bot API", "telegram")):
        lines = [(each["call"], f"{each['count']:g}", each["reason"] or "?") for each in part[key]]
        yield table((title, "calls", "reason"), lines).replace("---: |\n", "--- |\n", 1)


SECTIONS: dict[str, Callable[[Parts], Iterator[str]]] = {
    "taps": _taps,
    "accept": _accept,
    "bookings": _bookings,
    "transaction": _transaction,
    "slots": _slots,
    "agenda": _agenda,
    "reminders": _reminders,
    "pick_up": _pick_up,
    "starts": _starts,
    "bulk": _bulk,
    "idle": _idle,
    "cost": _cost,
}
