"""Companies whose workloads are known, with the noise of real logs, as calls in Lanewise's record.

Nobody publishes a company's tagged log, so the evaluation makes its own. What each kind of workload
does, and how many of each a company has, are assumptions, written here and nowhere else. The same seed
gives the same company.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from triage.model import Label

MONDAY: Final = datetime(2026, 11, 2)
DAYS: Final = 14
DAY_S: Final = 86_400
OFFICE: Final = (0, 0, 0, 0, 0, 0, 1, 4, 9, 10, 10, 9, 7, 9, 10, 9, 8, 5, 2, 1, 1, 0, 0, 0)
HOME: Final = (3, 2, 1, 1, 1, 1, 2, 4, 6, 7, 7, 7, 8, 7, 7, 7, 7, 8, 9, 10, 10, 9, 7, 5)
LUNCH: Final = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 6, 10, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Call:
    """One generated call; `at_s` counts from `MONDAY`, None is what the log does not say."""

    at_s: float
    workload: str = ""
    session: str | None = None
    streamed: bool | None = None
    latency_ms: int | None = None
    tier: str = "standard"
    failed: bool = False


@dataclass(frozen=True)
class Kind:
    """What a workload of one kind does, what it truly is, and how many a company has on average."""

    name: str
    truth: Label
    per_company: float
    calls: Callable[[random.Random], Iterator[Call]]


@dataclass(frozen=True)
class Noise:
    """What spoils a company's log; shares of calls, 0 to 1.

    Attributes:
        missing_tags: calls whose workload is not named.
        wrong_tags: calls under the name of another workload of the company.
        mixed_keys: workloads that share a name with another one.
        skew_s: clocks of hosts are wrong by up to this.
        kept: calls that the log holds; less than 1 is a sampled log.
        says_streaming, says_latency: whether the log has these fields.
    """

    missing_tags: float = 0.0
    wrong_tags: float = 0.0
    mixed_keys: float = 0.0
    skew_s: float = 0.0
    kept: float = 1.0
    says_streaming: bool = True
    says_latency: bool = True


@dataclass(frozen=True)
class Company:
    """A company's log: calls in any order, and what each workload name truly is.

    `truth` leaves out names that several workloads share, which are in `shared` with all they hold.
    """

    calls: tuple[Call, ...]
    truth: dict[str, Label]
    shared: dict[str, frozenset[Label]]


def company(seed: int, noise: Noise) -> Company:
    """One company: workloads of every kind, then the noise."""
    luck = random.Random(seed)  # noqa: S311 - a simulation, not a secret
    made: list[tuple[str, Label, list[Call]]] = []
    for kind in KINDS:
        n = int(kind.per_company) + (luck.random() < kind.per_company % 1)
        made += [(f"{kind.name}-{i}", kind.truth, list(kind.calls(luck))) for i in range(n)]
    named = _share_names(luck, made, noise.mixed_keys)
    held: dict[str, set[Label]] = {}
    members: dict[str, int] = {}
    for name, truth, _ in named:
        held.setdefault(name, set()).add(truth)
        members[name] = members.get(name, 0) + 1
    names = sorted(held)
    calls = [
        _spoilt(luck, replace(call, workload=name), names, noise)
        for name, _, own in named
        for call in own
        if luck.random() < noise.kept
    ]
    return Company(
        tuple(calls),
        {name: truth for name, truth, _ in named if members[name] == 1},
        {name: frozenset(labels) for name, labels in held.items() if members[name] > 1},
    )


def _share_names(
    luck: random.Random, made: Sequence[tuple[str, Label, list[Call]]], share: float
) -> list[tuple[str, Label, list[Call]]]:
    """Gives some workloads the name of another one, as when two teams use one key."""
    return [
        (luck.choice(made)[0] if luck.random() < share else name, truth, calls) for name, truth, calls in made
    ]


def _spoilt(luck: random.Random, call: Call, names: Sequence[str], noise: Noise) -> Call:
    draw = luck.random()
    name = call.workload
    if draw < noise.missing_tags:
        name = ""
    elif draw < noise.missing_tags + noise.wrong_tags:
        name = luck.choice(names)
    return replace(
        call,
        workload=name,
        at_s=max(0.0, call.at_s + luck.uniform(-noise.skew_s, noise.skew_s)),
        streamed=call.streamed if noise.says_streaming else None,
        latency_ms=call.latency_ms if noise.says_latency else None,
    )


# Kinds of workload --------------------------------------------------------------------------------


def _moments(luck: random.Random, n: int, hours: Sequence[int], weekend: float) -> list[float]:
    """`n` moments of people: by hour of the day, fewer on Saturday and Sunday."""
    days = luck.choices(range(DAYS), [weekend if day % 7 > 4 else 1.0 for day in range(DAYS)], k=n)
    return [
        day * DAY_S + hour * 3_600 + luck.uniform(0, 3_600)
        for day, hour in zip(days, luck.choices(range(24), hours, k=n), strict=True)
    ]


def _turns(
    luck: random.Random, start: float, n: int, pause: tuple[float, float], call: Call, key: str
) -> Iterator[Call]:
    at = start
    for _ in range(n):
        yield replace(call, at_s=at, session=key)
        at += luck.uniform(*pause)


def _chat(luck: random.Random) -> Iterator[Call]:
    for i, start in enumerate(_moments(luck, luck.randrange(250, 500), HOME, 0.8)):
        call = Call(0, streamed=luck.random() < 0.95, latency_ms=luck.randrange(2_000, 9_000))
        yield from _turns(luck, start, luck.randrange(1, 7), (15, 180), call, f"chat-{i}")


def _completion(luck: random.Random) -> Iterator[Call]:
    for start in _moments(luck, luck.randrange(150, 300), OFFICE, 0.05):
        for i in range(luck.randrange(2, 12)):
            yield Call(start + 4 * i + luck.random(), streamed=True, latency_ms=luck.randrange(150, 500))


def _answers(luck: random.Random) -> Iterator[Call]:
    """Questions about documents, answered whole: nobody reads along, somebody waits."""
    for i, start in enumerate(_moments(luck, luck.randrange(300, 600), OFFICE, 0.2)):
        call = Call(0, streamed=False, latency_ms=luck.randrange(3_000, 15_000))
        yield from _turns(luck, start, luck.choice((1, 1, 2, 3)), (20, 300), call, f"doc-{i}")


def _search(luck: random.Random) -> Iterator[Call]:
    for at in _moments(luck, luck.randrange(1_500, 2_500), HOME, 0.9):
        yield Call(at, streamed=False, latency_ms=luck.randrange(200, 700))


def _lunch(luck: random.Random) -> Iterator[Call]:
    """A product that one country uses at lunchtime: to the hours of the day it looks like a job."""
    for at in _moments(luck, luck.randrange(600, 1_200), LUNCH, 0.6):
        yield Call(at, streamed=False, latency_ms=luck.randrange(500, 3_000))


def _rush(luck: random.Random) -> Iterator[Call]:
    """The same with so many users that calls never pause: the weak spot of the signals."""
    for at in _moments(luck, luck.randrange(6_000, 9_000), LUNCH, 0.02):
        yield Call(at, streamed=False, latency_ms=luck.randrange(500, 3_000))


def _attended_agent(luck: random.Random) -> Iterator[Call]:
    """Somebody watches an agent work, step by step."""
    for i, start in enumerate(_moments(luck, luck.randrange(25, 50), OFFICE, 0.1)):
        call = Call(0, streamed=luck.random() < 0.7, latency_ms=luck.randrange(4_000, 30_000))
        yield from _turns(luck, start, luck.randrange(15, 60), (6, 45), call, f"agent-{i}")


def _voice(luck: random.Random) -> Iterator[Call]:
    for at in _moments(luck, luck.randrange(400, 800), HOME, 1.0):
        yield Call(at, streamed=True, latency_ms=luck.randrange(200, 900), tier="priority")


def _wallboard(luck: random.Random) -> Iterator[Call]:
    """A screen on the wall that asks anew every five minutes while people are there."""
    for day in range(DAYS):
        for minute in range(7 * 60, 19 * 60, 5):
            if day % 7 < 5:
                at = day * DAY_S + minute * 60 + luck.uniform(0, 10)
                yield Call(at, streamed=False, latency_ms=luck.randrange(800, 3_000))


def _events(luck: random.Random) -> Iterator[Call]:
    for at in _moments(luck, luck.randrange(600, 1_200), OFFICE, 0.2):
        yield Call(at, streamed=False, latency_ms=luck.randrange(2_000, 8_000))


def _refresh(luck: random.Random) -> Iterator[Call]:
    for start in _moments(luck, luck.randrange(40, 80), OFFICE, 0.1):
        for _ in range(luck.randrange(15, 30)):
            yield Call(start + luck.uniform(0, 15), streamed=False, latency_ms=luck.randrange(6_000, 12_000))


def _chains(luck: random.Random) -> Iterator[Call]:
    """Agents are evaluated at night; each step needs the answer before it."""
    for night in range(DAYS):
        for i in range(luck.randrange(4, 8)):
            start = night * DAY_S + 23 * 3_600 + luck.uniform(0, 1_800)
            call = Call(0, streamed=False, latency_ms=luck.randrange(5_000, 20_000))
            steps = luck.randrange(15, 40)
            yield from _turns(luck, start, steps, (6, 40), call, f"eval-{night}-{i}")


def _nightly(luck: random.Random) -> Iterator[Call]:
    hour, hours, n = luck.randrange(0, 5), luck.choice((0.5, 1, 2)), luck.randrange(250, 700)
    for night in range(DAYS):
        for i in range(n):
            at = night * DAY_S + (hour + hours * i / n) * 3_600 + luck.random()
            yield Call(
                at, streamed=False, latency_ms=luck.randrange(3_000, 12_000), failed=luck.random() < 0.01
            )


def _daily(luck: random.Random) -> Iterator[Call]:
    """A report that starts on the hour on weekdays and is done within minutes."""
    hour, n = luck.randrange(3, 8), luck.randrange(200, 500)
    for day in range(DAYS):
        for i in range(n):
            if day % 7 < 5:
                yield Call(
                    day * DAY_S + hour * 3_600 + 4 * i,
                    streamed=False,
                    latency_ms=luck.randrange(2_000, 9_000),
                )


def _hourly(luck: random.Random) -> Iterator[Call]:
    minute, n = luck.randrange(60), luck.randrange(60, 200)
    for hour in range(0, DAYS * 24, luck.choice((3, 4, 6))):
        for i in range(n):
            yield Call(hour * 3_600 + minute * 60 + i, streamed=False, latency_ms=luck.randrange(900, 4_000))


def _weekly(luck: random.Random) -> Iterator[Call]:
    n, hour = luck.randrange(1_000, 2_500), luck.randrange(1, 20)
    for day in (luck.randrange(7), luck.randrange(7, 14)):
        for i in range(n):
            yield Call(
                day * DAY_S + hour * 3_600 + 2 * i, streamed=False, latency_ms=luck.randrange(200, 2_000)
            )


def _batched(luck: random.Random) -> Iterator[Call]:
    """It runs in batches already; all lines of one carry its time."""
    hour, n = luck.randrange(17, 23), luck.randrange(100, 250)
    for day in range(DAYS):
        for _ in range(n):
            if day % 7 < 5:
                yield Call(day * DAY_S + hour * 3_600, streamed=False, tier="batch")


def _backfill(luck: random.Random) -> Iterator[Call]:
    """Two days and nights without a pause, once."""
    start, n = luck.randrange(9) * DAY_S + 10 * 3_600, luck.randrange(2_000, 3_500)
    for i in range(n):
        yield Call(start + 2 * DAY_S * i / n, streamed=False, latency_ms=luck.randrange(2_000, 9_000))


KINDS: Final[tuple[Kind, ...]] = (
    Kind("chat", "interactive", 1.5, _chat),
    Kind("completion", "interactive", 1, _completion),
    Kind("answers", "interactive", 1, _answers),
    Kind("search", "interactive", 1, _search),
    Kind("lunch", "interactive", 0.5, _lunch),
    Kind("attended-agent", "interactive", 0.7, _attended_agent),
    Kind("voice", "interactive", 0.3, _voice),
    Kind("wallboard", "interactive", 0.4, _wallboard),
    Kind("events", "semi_interactive", 1, _events),
    Kind("refresh", "semi_interactive", 0.4, _refresh),
    Kind("chains", "semi_interactive", 0.5, _chains),
    Kind("nightly", "batch", 2, _nightly),
    Kind("daily", "batch", 1, _daily),
    Kind("hourly", "batch", 0.7, _hourly),
    Kind("weekly", "batch", 0.7, _weekly),
    Kind("batched", "batch", 0.7, _batched),
    Kind("backfill", "batch", 0.4, _backfill),
    Kind("rush", "interactive", 0.1, _rush),
)
"""What a company has."""
