"""How right and how well calibrated a set of marks is, always both, and what so few can show."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from kit.claims.chart import Point, figure
from kit.intervals import wilson
from kit.plots.picture import Picture

BANDS = ((0, 39), (40, 59), (60, 79), (80, 100))  # percent, both ends included
NEAR = {"confirmed", "confirmed-with-nuance"}
SCALE = "Brier score: 0 is perfect, 1 the worst; saying 50 % every time gives 0.25."
RARE = 0.05
WIDTH = 88  # characters of a line of text
COLUMNS = ("How sure", "Marks", "Average sure", "Right", "Share right", "95 % interval")


@dataclass(frozen=True, slots=True)
class Answer:
    """A mark beside the record's verdict; ``sure`` is a probability from 0 to 1."""

    claim: str
    verdict: str
    sure: float
    truth: str

    @property
    def right(self) -> bool:
        """Return whether the mark is the record's verdict."""
        return self.verdict == self.truth

    @property
    def loss(self) -> float:
        """Return the squared distance between how sure and whether right, from 0 to 1."""
        return (self.sure - self.right) ** 2


@dataclass(frozen=True, slots=True)
class Score:
    """Accuracy and calibration of the marks that count.

    ``answers`` are first marks still in force. ``withdrawn`` are first marks taken back after
    their verdict was seen; ``second`` counts marks made after it. Neither counts.
    """

    answers: tuple[Answer, ...]
    withdrawn: tuple[Answer, ...] = ()
    second: int = 0

    @property
    def n(self) -> int:
        """Return how many marks count."""
        return len(self.answers)

    @property
    def right(self) -> int:
        """Return how many of them are the record's verdict."""
        return sum(answer.right for answer in self.answers)

    @property
    def brier(self) -> float | None:
        """Return the Brier score: 0 is perfect, 1 the worst; None without marks."""
        return _mean([answer.loss for answer in self.answers])

    @property
    def sure(self) -> float | None:
        """Return the average probability given, from 0 to 1; None without marks."""
        return _mean([answer.sure for answer in self.answers])

    def headline(self) -> str:
        """Return accuracy and Brier score in one sentence, never one without the other."""
        if not self.n:
            return "No mark counts yet: accuracy and calibration start with your first one."
        said = f"{self.right} of {self.n} right ({percent(self.right / self.n)})"
        return f"{said}; Brier score {self.brier:.2f}."

    def sentences(self) -> tuple[str, ...]:
        """Return what the score says, what it cannot say, and what is not counted."""
        if not self.n:
            return (self.headline(), *self._not_counted())
        found = (
            self.headline(),
            SCALE,
            self._gap(),
            self._few(),
            self._near(),
            *self._not_counted(),
        )
        return tuple(sentence for sentence in found if sentence)

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Return the calibration table, one row for each band of sureness that has marks."""
        return tuple(
            (
                f"{low} to {high} %",
                str(point.n),
                percent(point.sure),
                str(point.right),
                percent(point.share),
                f"{percent(point.low)} to {percent(point.high)}",
            )
            for (low, high), point in self._bands()
        )

    def picture(self) -> Picture:
        """Return the calibration chart: how sure against how often right."""
        drawn = figure([point for _, point in self._bands()])
        title = "How sure you were, and how often right"
        points = [
            f"{percent(point.sure)} sure, {point.right} of {point.n} right"
            for _, point in self._bands()
        ]
        told = f"Average sureness beside hits: {'; '.join(points) or 'nothing yet'}."
        return Picture(title, drawn, told, COLUMNS, self.rows())

    def __str__(self) -> str:
        """Return sentences and table as plain text."""
        lines = [textwrap.fill(sentence, WIDTH) for sentence in self.sentences()]
        if self.n:
            table = [COLUMNS, *self.rows()]
            widths = [max(len(row[i]) for row in table) for i in range(len(COLUMNS))]
            lines.append("")
            for row in table:
                cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
                lines.append("  ".join(cells).rstrip())
        return "\n".join(lines)

    __repr__ = __str__

    def _bands(self) -> list[tuple[tuple[int, int], Point]]:
        found = []
        for low, high in BANDS:
            inside = [a for a in self.answers if low <= round(100 * a.sure) <= high]
            if inside:
                n, right = len(inside), sum(a.right for a in inside)
                sure = sum(a.sure for a in inside) / n
                found.append(((low, high), Point(sure, right, n, *wilson(right, n))))
        return found

    def _gap(self) -> str:
        """Say whether sureness and success differ, and by more than chance would do."""
        hits, expected = self.right, sum(answer.sure for answer in self.answers)
        points = round(100 * (expected - hits) / self.n)
        said = f"You were {percent(expected / self.n)} sure on average"
        if points == 0:
            return f"{said}, which is just how often you were right."
        way = "more" if points > 0 else "less"
        apart = f"{said}: {abs(points)} points {way} than you were right."
        if self._luck() < RARE:
            return f"{apart} Chance would seldom make a gap of that size."
        return f"{apart} Chance often makes a gap of that size, so it proves nothing yet."

    def _luck(self) -> float:
        """Return how likely a gap at least this large is for someone perfectly calibrated.

        Exact: the distribution of the number of hits when each mark is right with the
        probability given to it.
        """
        hits = [1.0]
        for answer in self.answers:
            shifted = [0.0, *(p * answer.sure for p in hits)]
            hits = [p * (1 - answer.sure) for p in [*hits, 0.0]]
            hits = [p + q for p, q in zip(hits, shifted, strict=True)]
        expected = sum(answer.sure for answer in self.answers)
        gap = abs(self.right - expected) - 1e-9
        return sum(p for k, p in enumerate(hits) if abs(k - expected) >= gap)

    def _few(self) -> str:
        low, high = wilson(self.right, self.n)
        amount = "almost nothing" if self.n < 5 else "little" if self.n < 20 else "something"
        plural = "answer shows" if self.n == 1 else "answers show"
        return (
            f"{self.n} {plural} {amount}: with this result, your share right in the long run "
            f"could be anything from {percent(low)} to {percent(high)} (95 % interval), and "
            "claims of one article are not independent of one another."
        )

    def _near(self) -> str:
        """Say how many misses lie on a border that is itself a matter of judgment."""
        missed = [answer for answer in self.answers if not answer.right]
        near = sum({answer.verdict, answer.truth} == NEAR for answer in missed)
        if not near:
            return ""
        which = (
            "Your miss lies" if len(missed) == 1 else f"{near} of your {len(missed)} misses lie"
        )
        if near == len(missed) == 2:
            which = "Both your misses lie"
        elif near == 1 < len(missed):
            which = f"1 of your {len(missed)} misses lies"
        return (
            f"{which} between confirmed with and without a nuance, where careful readers differ."
        )

    def _not_counted(self) -> tuple[str, ...]:
        said = []
        if self.withdrawn:
            both = Score((*self.answers, *self.withdrawn))
            many = len(self.withdrawn)
            what = "1 mark that you withdrew" if many == 1 else f"{many} marks that you withdrew"
            said.append(
                f"Not counted: {what} after seeing the verdict. With that, it would be "
                f"{both.right} of {both.n} right, Brier score {both.brier:.2f}."
            )
        if self.second:
            what = "1 mark" if self.second == 1 else f"{self.second} marks"
            said.append(f"Not counted: {what} made after the verdict had been seen.")
        return tuple(said)


def percent(share: float) -> str:
    """Return a share as whole percent.

    Examples
    --------
    >>> percent(0.625), percent(1.0)
    ('62 %', '100 %')
    """
    return f"{round(100 * share)} %"


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
