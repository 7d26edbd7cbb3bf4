"""How well many answers fit what came, in numbers and in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kit import intervals
from kit.calibration.answers import Forecast

FEW = 20  # outcomes below which luck hides any skill
EDGES = (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)  # percent


@dataclass(frozen=True, slots=True)
class Bin:
    """Probabilities that lie together: what was said, and how often it came; shares 0 to 1.

    ``low`` and ``high`` are the ends of the bin, ``mean`` the mean of what was said; ``least``
    and ``most`` the 95 % interval of ``share``, the part of ``count`` that came true.
    """

    low: float
    high: float
    count: int
    came: int
    mean: float
    share: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well answers fit what came, for one play or for many together.

    ``n`` probabilities count, of which ``came`` came true; ``brier`` and ``mean`` (0 to 1) are
    None without any. ``outcomes`` is how many different things settled them: a real event is one,
    however many plays were asked about it. ``inside`` of ``ranges`` hold their answer.
    ``passed``, ``late`` and ``waiting`` do not count.
    """

    n: int
    came: int
    brier: float | None
    mean: float | None
    bins: tuple[Bin, ...]
    outcomes: int
    ranges: int
    inside: int
    passed: int
    late: int
    waiting: int


def calibration(found: Iterable[Forecast]) -> Calibration:
    """Return how well answers fit what came; those of many plays may be given together."""
    given = list(found)
    counted = [f for f in given if f.counts]
    yes_no = [f for f in counted if not f.is_range]
    ranges = [f for f in counted if f.is_range]
    scores = [f.score for f in yes_no if f.score is not None]
    events = {f.prediction.event for f in yes_no if f.prediction.event}
    in_play = sum(not f.prediction.event for f in yes_no)
    n = len(yes_no)
    return Calibration(
        n=n,
        came=sum(f.outcome is True for f in yes_no),
        brier=sum(scores) / n if n else None,
        mean=sum(f.low for f in yes_no) / n / 100 if n else None,
        bins=_bins(yes_no),
        outcomes=len(events) + in_play,
        ranges=len(ranges),
        inside=sum(f.inside is True for f in ranges),
        passed=sum(f.passed for f in given),
        late=sum(f.late and not f.passed for f in given),
        waiting=sum(not (f.resolved or f.late or f.passed) for f in given),
    )


def _bins(yes_no: list[Forecast]) -> tuple[Bin, ...]:
    """Return a bin for each number that was said, or five of equal width where those are many."""
    said = sorted({f.low for f in yes_no})
    if len(said) < len(EDGES):
        groups = [(value, value, [f for f in yes_no if f.low == value]) for value in said]
    else:
        # A number on an edge belongs to the bin above it; 100 % to the last.
        places = [min(int(f.low // 20), len(EDGES) - 2) for f in yes_no]
        groups = [
            (EDGES[i], EDGES[i + 1], [f for f, at in zip(yes_no, places, strict=True) if at == i])
            for i in range(len(EDGES) - 1)
        ]
    return tuple(_bin(low, high, held) for low, high, held in groups if held)


def _bin(low: float, high: float, held: list[Forecast]) -> Bin:
    count, came = len(held), sum(f.outcome is True for f in held)
    least, most = intervals.wilson(came, count)
    mean = sum(f.low for f in held) / count / 100
    return Bin(low / 100, high / 100, count, came, mean, came / count, least, most)


def verdict(found: Calibration) -> str:
    """Return in words how well answers fit what came, and whether that says anything."""
    told = [*_verdict_yes_no(found), *_verdict_ranges(found)]
    return " ".join(told) if told else "No prediction can be scored yet."


def _verdict_yes_no(found: Calibration) -> list[str]:
    """Return the sentence on probabilities, if there are any."""
    if found.brier is None or found.mean is None:
        return []
    least, most = intervals.wilson(found.came, found.n)
    interval, came = _ends(least, most), _share(found.came / found.n)
    told = [
        f"{_counted(found.n, 'probability', 'probabilities')} scored, {_share(found.mean)} on "
        f"average, and {came} came true (95 % interval {interval})",
        f"the Brier score is {found.brier:.2f}, where 0 is best and 50 % every time gives 0.25",
    ]
    if found.outcomes < found.n:
        settled = "one outcome" if found.outcomes == 1 else f"{found.outcomes} different outcomes"
        told.append(f"they were settled by {settled}, so the true interval is wider still")
    if found.outcomes < FEW:
        told.append(f"that is too few to conclude anything about skill, since {interval} all fits")
    elif least <= found.mean <= most:
        told.append("what was said on average lies in that interval, so no lean shows")
    else:
        lean = "low" if found.mean < least else "high"
        told.append(f"what was said on average lies outside that interval: it was too {lean}")
    return [f"{'; '.join(told)}."]


def _verdict_ranges(found: Calibration) -> list[str]:
    """Return the sentence on ranges, if there are any."""
    if not found.ranges:
        return []
    interval = _ends(*intervals.wilson(found.inside, found.ranges))
    few = "; that is too few to tell luck from judgement" if found.ranges < FEW else ""
    return [
        f"{_counted(found.ranges, 'range', 'ranges')} scored, and {found.inside} held what came "
        f"(95 % interval {interval}), where 80 % should{few}."
    ]


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one} was" if count == 1 else f"{count} {many} were"


def _share(share: float) -> str:
    return f"{100 * share:.0f} %"


def _ends(least: float, most: float) -> str:
    return f"{100 * least:.0f} to {100 * most:.0f} %"
