"""What an after-action report is made of: frozen values, all text still unescaped."""

from __future__ import annotations

from dataclasses import dataclass

from kit.calibration import Calibration
from kit.report.cite import Citation
from kit.report.people import Action, Foretold, Rating, Remark


@dataclass(frozen=True, slots=True)
class Basis:
    """What a number rests on: a word for it, the reason, who would disagree, and evidence."""

    word: str
    why: str
    dissent: str
    evidence: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """How much one measure differs between two courses of action, in the measure's unit.

    ``low`` and ``high`` bound ``mean`` when every assumption may take any value in its range.
    """

    label: str
    unit: str
    better: str
    mean: float
    low: float
    high: float

    @property
    def none(self) -> bool:
        """Return whether the difference rounds to nothing at both ends of its range."""
        return not any(round(value, 1) for value in (self.mean, self.low, self.high))

    @property
    def direction(self) -> str:
        """Return ``better``, ``worse`` or ``same``, for the difference of the means."""
        if round(self.mean, 1) == 0:
            return "same"
        return "better" if (self.mean > 0) == (self.better == "high") else "worse"


@dataclass(frozen=True, slots=True)
class Branch:
    """An option that was not taken, and what taking it instead would have changed on average.

    ``odds`` (0 to 1) are what it had when the decision fell; ``open`` is false when a condition
    closed it, and then ``gaps`` is empty.
    """

    option: str
    text: str
    tradeoff: str
    odds: float
    history: bool
    open: bool
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of a played role; ``withdrawn`` is the event that took it back, if any.

    ``history`` is the text of the option that governments took, empty when none is marked;
    ``confidence`` is in percent; ``votes`` are the room's hands for each option, by its text, and
    ``change_mind`` is what the players said would change their mind.
    """

    seq: int
    at: str
    move: str
    role: str
    choice: str
    question: str
    option: str
    text: str
    tradeoff: str
    odds: float
    followed: bool
    history: str
    note: str
    confidence: int | None
    evidence: tuple[Citation, ...]
    branches: tuple[Branch, ...]
    change_mind: str = ""
    votes: tuple[tuple[str, int], ...] = ()
    withdrawn: int | None = None


@dataclass(frozen=True, slots=True)
class Chance:
    """What was left to odds: an uncertainty, or a choice of a role that nobody played.

    ``odds`` and ``others`` (text and odds of the other values) are as they were just before.
    """

    seq: int
    at: str
    move: str
    who: str
    name: str
    question: str
    value: str
    text: str
    odds: float
    others: tuple[tuple[str, float], ...]
    basis: Basis
    withdrawn: int | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """One row of the timeline: what happened, by whom, and whether it still stands."""

    seq: int
    at: str
    kind: str
    who: str
    text: str
    withdrawn: int | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of the timeline within one move; a withdrawal may lead back to an earlier one."""

    title: str
    as_of: str
    injects: int
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """The distribution of one measure: mean, 10th and 90th percentile over chance.

    ``low`` and ``high`` bound the mean when every assumption may lie anywhere in its range.
    """

    mean: float
    p10: float
    p90: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Assumed:
    """An assumption about the size of an effect, with its range and what it rests on.

    ``label`` (A1, A2 …) is its name in this report; ``measures`` are the labels of what it moves;
    ``differs`` says whether it counts in a difference from the base case.
    """

    label: str
    id: str
    text: str
    unit: str
    low: float
    base: float
    high: float
    basis: Basis
    measures: tuple[str, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Odds:
    """The plain odds of something left to chance, and what they rest on."""

    question: str
    who: str
    values: tuple[tuple[str, float], ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Cause:
    """What one effect adds to a difference; ``before`` and ``after`` are how often it holds."""

    why: str
    gap: Gap
    before: float
    after: float
    assumption: Assumed | None


@dataclass(frozen=True, slots=True)
class Result:
    """One measure: the learner's decisions averaged over chance, the base case, this play.

    ``own`` (value, low, high) is there only when the exercise is over; ``rest`` is what the
    effects beyond ``causes`` add to ``gap``.
    """

    id: str
    label: str
    unit: str
    better: str
    description: str
    mine: Band
    base: Band
    own: tuple[float, float, float] | None
    gap: Gap
    causes: tuple[Cause, ...]
    rest: Gap
    sentence: str


@dataclass(frozen=True, slots=True)
class Goal:
    """A learning objective, its criteria, and (sender, expected action) of its injects so far.

    ``rating`` is what people gave it last, if they did.
    """

    id: str
    bloom: str
    text: str
    criteria: tuple[str, ...]
    expected: tuple[tuple[str, str], ...]
    rating: Rating | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Everything needed to compute the report again."""

    scenario: str
    version: str
    fingerprint: str
    seed: int | None
    state: str
    method: str
    events: int


@dataclass(frozen=True, slots=True)
class Report:
    """A whole after-action report; the parts follow its headings.

    ``decided`` and ``decisions_total`` count the played roles' choices: taken, and all.
    ``others`` is evidence behind assumptions and odds that nobody cited and no inject offered.
    """

    title: str
    language: str
    summary: str
    as_of: str
    level: str
    minutes: int
    alias: str
    mode: str
    roles: tuple[str, ...]
    started: str
    ended: str
    over: bool
    decided: int
    decisions_total: int
    objectives: tuple[Goal, ...]
    stages: tuple[Stage, ...]
    decisions: tuple[Decision, ...]
    withdrawn: tuple[Decision, ...]
    chance: tuple[Chance, ...]
    results: tuple[Result, ...]
    assumptions: tuple[Assumed, ...]
    odds: tuple[Odds, ...]
    cited: tuple[Citation, ...]
    uncited: tuple[Citation, ...]
    others: tuple[Citation, ...]
    predictions: tuple[Foretold, ...]
    calibration: Calibration
    strengths: tuple[Remark, ...]
    areas: tuple[Remark, ...]
    plan: tuple[Action, ...]
    observations: tuple[Remark, ...]
    discussion: tuple[str, ...]
    origin: Origin
