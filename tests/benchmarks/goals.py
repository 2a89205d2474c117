"""The goals, and whether they are met: every row is worked out from the results alone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

type Parts = dict[str, Any]

NEARLY_LINEAR = 0.8
FLAT = 1.2
QUIET_RATE = "100"
MONTH_MS = 60
TOGETHER = (
    "month, 50 specialists, resources",
    "month, 50 specialists, caps",
    "month, 50 specialists, 2 services",
    "series of 12, 1 specialist",
)
"""What is to be as fast as a month without any of it."""


@dataclass(frozen=True)
class Row:
    """One goal: what, how much, what was measured, and the verdict."""

    what: str
    goal: str
    measured: str
    verdict: str


def at_most(value: float, bound: float) -> str:
    """Judge a figure that should be small."""
    value = round(value, 3)
    if value <= bound:
        return "met"
    return (
        f"missed by {value / bound:.1f}×"
        if bound > 0 and value / bound >= 2
        else f"missed by {value - bound:.3g}"
    )


def below(value: float, bound: float) -> str:
    """Judge a figure that should be smaller than that."""
    return "missed: just as much" if round(value, 3) == bound else at_most(value, bound)


def at_least(value: float, bound: float) -> str:
    """Judge a figure that should be large."""
    return "met" if value >= bound else f"missed: {value / bound:.0%} of it"


def rows(parts: Parts) -> list[Row]:
    """Return every goal's row; what was not measured says so."""
    found: list[Row] = []
    for name, (part, judge) in JUDGES.items():
        if part not in parts:
            found.append(Row(name, "", "not measured", "–"))
            continue
        try:
            found += judge(parts[part])
        except (KeyError, ZeroDivisionError) as error:
            found.append(Row(name, "", f"incomplete: {error}", "–"))
    return found


def _taps(part: Parts) -> Iterator[Row]:
    for rate in map(str, part["rates"]):
        ours = part["taps"]["bellhop"][rate]
        measured = f"p50 {ours['p50_ms']:.1f} ms, p99 {ours['p99_ms']:.1f} ms"
        if lost := ours["unanswered"]:
            measured += f", {lost:.0f} unanswered"
        yield from _beside_monolith(part, rate, ours, measured)
        if "stock arq" in part["taps"]:
            stock = part["taps"]["stock arq"][rate]
            ratio = stock["p50_ms"] / ours["p50_ms"]
            yield Row(
                f"tap → reply at {rate}/s",
                "p50 ≥ 30× better than stock arq",
                f"{ratio:.0f}×",
                at_least(ratio, 30),
            )


def _beside_monolith(part: Parts, rate: str, ours: Parts, measured: str) -> Iterator[Row]:
    if "monolith" not in part["taps"]:
        return
    theirs = part["taps"]["monolith"][rate]
    beside = f"; monolith p50 {theirs['p50_ms']:.1f} ms, p99 {theirs['p99_ms']:.1f} ms"
    more, ratio = ours["p50_ms"] - theirs["p50_ms"], ours["p99_ms"] / theirs["p99_ms"]
    what = f"tap → reply at {rate}/s"
    yield Row(what, "p50 within 3 ms of the monolith", measured + beside, at_most(more, 3))
    yield Row(what, "p99 within 2× of the monolith's", f"{ratio:.2f}×", at_most(ratio, 2))


def _cpu(part: Parts) -> Iterator[Row]:
    rate = QUIET_RATE if QUIET_RATE in map(str, part["rates"]) else str(part["rates"][-1])
    ours, theirs = (part["taps"][name][rate]["cpu_ms"] for name in ("bellhop", "monolith"))
    measured = f"{ours:.2f} ms; monolith {theirs:.2f} ms: {ours / theirs:.2f}×"
    yield Row(f"CPU a tap at {rate}/s", "≤ 1.3× the monolith", measured, at_most(ours / theirs, 1.3))


def _accept(part: Parts) -> Iterator[Row]:
    rates = part["a_second"]
    ours, floor = rates["bellhop"], rates["floor: arq"]
    measured = f"{ours:,.0f}/s; floor {floor:,.0f}/s: {ours / floor:.2f}×"
    what = "updates accepted a second, one bot process"
    goal = "≥ 1.0 of a bare FastAPI route with arq's own enqueue"
    yield Row(what, goal, measured, at_least(ours / floor, 1))
    if theirs := rates.get("monolith"):
        yield Row(what, "≥ 4× the monolith", f"{ours / theirs:.1f}×", at_least(ours / theirs, 4))


def _bookings(part: Parts) -> Iterator[Row]:
    ours, slow = part["a_second"]["bellhop"], part["a_second_with_latency"]["bellhop"]
    listed = ", ".join(f"{count}: {rate:.0f}" for count, rate in ours.items())
    if "monolith" in part["a_second"]:
        theirs = part["a_second"]["monolith"]["0"]
        measured = f"{listed}; monolith {theirs:.0f}"
        what = "bookings a second by workers"
        yield Row(what, "one worker ≥ the monolith", measured, at_least(ours["1"], theirs))
    most = str(part["workers"][-1])
    linear = slow[most] / (int(most) * slow["1"])
    listed = ", ".join(f"{count}: {rate:.0f}" for count, rate in slow.items())
    goal = f"near-linear to {most} workers: ≥ {NEARLY_LINEAR:.0%}"
    what = f"the same with a Bot API that takes {part['latency_ms']:.0f} ms"
    yield Row(what, goal, f"{listed}: {linear:.0%}", at_least(linear, NEARLY_LINEAR))


def _transaction(part: Parts) -> Iterator[Row]:
    ours, floor = part["a_second"]["bellhop"], part["a_second"]["pgbench"]
    measured = f"{ours:,.0f}/s; pgbench {floor:,.0f}/s: {ours / floor:.2f}"
    what = f"the booking transaction, {part['connections']} connections"
    yield Row(what, "≥ 0.5 of pgbench running the same SQL", measured, at_least(ours / floor, 0.5))
    statements = part["statements"]
    goal = "one round trip between begin and commit where the rules allow"
    yield Row(what, goal, f"{statements} statements", at_most(statements, 1))


def _agenda(part: Parts) -> Iterator[Row]:
    what = f"the agenda of {part['visits']} visits"
    for goal, name, bound in (("to decide", "list_ms", 30), ("its picture", "picture_ms", 150)):
        taken = part[name]
        yield Row(what, f"{goal} < {bound} ms", f"{taken:.1f} ms", below(taken, bound))
    for goal, name, bound in (("drew none", "lists", 100), (f"drew {part['pictures']}", "pictures", 130)):
        used = part["memory_mb"][name]
        yield Row(f"memory of a worker that {goal}", f"< {bound} MB", f"{used:.0f} MB", below(used, bound))


def _slots(part: Parts) -> Iterator[Row]:
    decided = part["decided_ms"]
    for what in TOGETHER:
        if what in decided:
            taken = decided[what]["many"]
            yield Row(f"slots: {what}", f"< {MONTH_MS} ms", f"{taken:.1f} ms", below(taken, MONTH_MS))
    for team, bound in (("1 specialist", 5), ("50 specialists", MONTH_MS)):
        many, few = decided[f"month, {team}"]["many"], decided[f"month, {team}"]["few"]
        what = f"slots of a month, {team}, {part['bookings']:,} bookings"
        yield Row(what, f"< {bound} ms", f"{many:.1f} ms", below(many, bound))
        growth = many / few
        yield Row(
            what, f"flat beside the month's own bookings: ≤ {FLAT}×", f"{growth:.2f}×", at_most(growth, FLAT)
        )


def _reminders(part: Parts) -> Iterator[Row]:
    late, claim = part["lateness"], part["claim_ms"]
    for name, pending in part["pending"].items():
        p50, p99 = late[name]["p50_s"], late[name]["p99_s"]
        what = f"scheduler lateness at {pending:,} pending"
        yield Row(what, "p99 < 1 s", f"p50 {p50:.3f} s, p99 {p99:.3f} s", below(p99, 1))
    ratio = late["many"]["p99_s"] / late["few"]["p99_s"]
    measured = f"{ratio:.2f}; of claims {claim['many'] / claim['few']:.2f}"
    yield Row("the ratio of both", "≤ 1.3", measured, at_most(ratio, 1.3))


def _pick_up(part: Parts) -> Iterator[Row]:
    ours, stock = part["bellhop"], part["arq"]
    p50, p99 = ours["p50_ms"], ours["p99_ms"]
    what = "pick-up by an idle worker"
    yield Row(what, "p50 < 2 ms", f"{p50:.2f} ms; stock arq {stock['p50_ms']:.0f} ms", below(p50, 2))
    yield Row(what, "p99 < 10 ms", f"{p99:.2f} ms; stock arq {stock['p99_ms']:.0f} ms", below(p99, 10))
    rate = ours["a_second"]
    what = "jobs that do nothing, a second and worker"
    yield Row(what, "≥ 2,000/s", f"{rate:,.0f}/s", at_least(rate, 2000))
    ratio = rate / stock["a_second"]
    yield Row(what, "≥ 10× stock arq", f"{ratio:.1f}×", at_least(ratio, 10))


def _memory(part: Parts) -> Iterator[Row]:
    for process, bound in (("bot", 120), ("worker-1", 100)):
        used = part["memory"]["bellhop"][process]
        name = process.partition("-")[0]
        yield Row(
            f"memory of the {name}, after the taps", f"< {bound} MB", f"{used:.0f} MB", below(used, bound)
        )


def _starts(part: Parts) -> Iterator[Row]:
    for process in ("bot", "worker"):
        seconds = part["seconds"][f"bellhop {process}"]
        yield Row(f"start-up of the {process}", "< 1.5 s", f"{seconds:.2f} s", below(seconds, 1.5))


def _bulk(part: Parts) -> Iterator[Row]:
    without, beside = part["without"]["p99_ms"], part["beside"]["p99_ms"]
    measured = f"{beside:.1f} ms; without {without:.1f} ms: {beside / without:.2f}×"
    what = f"taps' p99 beside {part['messages']:,} messages going out"
    yield Row(what, "≤ 2× without them", measured, at_most(beside / without, 2))


def _idle(part: Parts) -> Iterator[Row]:
    for process, percent in part["cpu_percent"]["bellhop"].items():
        name = process.partition("-")[0]
        yield Row(f"idle: CPU of the {name}", "< 1 % of a core", f"{percent:.2f} %", below(percent, 1))
    redis, sql = (sum(part[name].values()) for name in ("redis_a_second", "sql_a_second"))
    yield Row("idle: calls a second", "listed", f"Redis {redis:.1f}, SQL {sql:.1f}", "listed")


def _cost(part: Parts) -> Iterator[Row]:
    redis, sql, telegram = (
        sum(each["count"] for each in part[name]) for name in ("redis", "sql", "telegram")
    )
    measured = f"Redis {redis:.0f}, SQL {sql:.0f}, Bot API {telegram:.0f}, CPU {part['cpu_ms']:.1f} ms"
    yield Row("cost of a booking", "listed, each with its reason", measured, "listed")


JUDGES: dict[str, tuple[str, Callable[[Parts], Iterator[Row]]]] = {
    "tap → reply": ("taps", _taps),
    "CPU a tap": ("taps", _cpu),
    "updates accepted a second": ("accept", _accept),
    "bookings a second": ("bookings", _bookings),
    "the booking transaction": ("transaction", _transaction),
    "slots": ("slots", _slots),
    "the agenda": ("agenda", _agenda),
    "scheduler lateness": ("reminders", _reminders),
    "pick-up and no-op jobs": ("pick_up", _pick_up),
    "memory": ("taps", _memory),
    "start-up": ("starts", _starts),
    "bulk messages beside taps": ("bulk", _bulk),
    "idle": ("idle", _idle),
    "cost of a booking": ("cost", _cost),
}
