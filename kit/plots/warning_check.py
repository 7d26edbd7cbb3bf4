"""How well the model reproduces published flight times, and that the bare ellipse does not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from kit import tables, warning
from kit.plots.map import Trace
from kit.plots.picture import BLUE, GRAY, GREEN, VERMILION, Picture
from kit.tables import Record

ROW_PX, EDGE_PX = 30, 110
BAR_PERCENT = 3.5  # the median error that the model may have; the bare ellipse must fail it
INPUTS = re.compile(
    r"range ([\d.,]+) km .*apogee ([\d.,]+) km .*launch ([\d.]+)N ([\d.]+)E; azimuth (\d+)"
)
REPORTER = re.compile(r"\((.+)\)")
NAMES = {"MOD": "Japan", "KCNA": "North Korea's agency", "USPACOM": "US command"}


@dataclass(frozen=True, slots=True)
class Model:
    """One way to compute a flight time, and how it is shown."""

    label: str
    rotation: bool
    burn: bool
    symbol: str
    color: str


MODELS = {
    "bare": Model("Bare ellipse", False, False, "x", GRAY),
    "rotation": Model("Earth turns", True, False, "diamond-open", VERMILION),
    "burn": Model("Rocket burns", False, True, "square-open", GREEN),
    "both": Model("Both: the model of this kit", True, True, "circle", BLUE),
}
COLUMNS = (
    "Flight",
    "Time by",
    "Published",
    *(model.label for model in MODELS.values()),
    "Case id",
)


@dataclass(frozen=True, slots=True)
class Case:
    """One published flight time beside what each model says, in seconds.

    ``said_s`` has the times by model (``MODELS``); ``main`` tells the one record of its flight
    that counts in the median.
    """

    key: str
    date: str
    vehicle: str
    reporter: str
    published_s: float
    said_s: Mapping[str, float]
    main: bool

    def error(self, model: str) -> float:
        """Return the error of a model in percent."""
        return 100 * (self.said_s[model] / self.published_s - 1)

    @property
    def label(self) -> str:
        """Return what stands on the axis: day, reporter and case."""
        return f"{self.date}, {self.reporter} ({self.key})"


def cases(rows: Iterable[Record] | None = None) -> tuple[Case, ...]:
    """Return the published flight times of the table ``warning_cases`` with both models' times."""
    found = []
    for row in tables.records("warning_cases") if rows is None else rows:
        given = INPUTS.search(row["inputs"] or "")
        if row["kind"] != "flight-tof" or not given:
            continue
        numbers = [float(text.replace(",", "")) for text in given.groups()]
        by = REPORTER.search(row["quantity"])
        date, _, vehicle = row["title"].partition(" ")
        found.append(Case(
            row["case_id"], date, vehicle, NAMES.get(by[1], by[1]) if by else "",
            float(row["expected"]),
            {
                name: float(warning.flight_time_s(*numbers, rotation=m.rotation, burn=m.burn))
                for name, m in MODELS.items()
            },
            row["basis"].startswith("primary"),
        ))  # fmt: skip
    return tuple(found)


def check(found: Sequence[Case] | None = None) -> Picture:
    """Return the errors of both models, a row for each published time."""
    shown = cases() if found is None else found
    return Picture(
        title="Does the model reproduce real flights?",
        figure={"data": _marks(shown), "layout": _layout(shown)},
        summary=summary(shown),
        columns=COLUMNS,
        rows=tuple(
            (f"{c.date} {c.vehicle}", c.reporter, f"{c.published_s:.0f} s",
             *(f"{c.said_s[name]:.0f} s ({percent(c.error(name))})" for name in MODELS), c.key)
            for c in shown
        ),
    )  # fmt: skip


def errors(found: Sequence[Case]) -> dict[str, float]:
    """Return the median error without sign of each model in percent, one record a flight."""
    return {name: median(abs(case.error(name)) for case in found if case.main) for name in MODELS}


def summary(found: Sequence[Case]) -> str:
    """Return the median errors, and whether they pass."""
    off = errors(found)
    main = sum(case.main for case in found)
    verdict = "fails" if off["bare"] > BAR_PERCENT else "passes"
    whole = "fails" if off["both"] > BAR_PERCENT else "passes"
    return (
        f"{len(found)} published times of {main} flights. Of the {main} primary records, one for"
        f" each flight, the bare ellipse is off by {off['bare']:.1f} percent in the median and"
        f" {verdict} the bar of {BAR_PERCENT} percent; with the Earth's rotation alone"
        f" {off['rotation']:.1f}, with the burn alone {off['burn']:.1f}, with both"
        f" {off['both']:.1f}, which {whole}."
    )


def percent(value: float) -> str:
    """Return an error with its sign.

    Examples
    --------
    >>> percent(-6.94), percent(0.2)
    ('−6.9 %', '+0.2 %')
    """
    return f"{'−' if value < 0 else '+'}{abs(value):.1f} %"


def _marks(found: Sequence[Case]) -> list[Trace]:
    labels = [case.label for case in found]
    return [
        {"type": "scatter", "mode": "markers", "name": model.label, "y": labels,
         "x": [round(case.error(name), 2) for case in found],
         "hovertemplate": "%{y}: %{x:+.1f} percent",
         "marker": {"symbol": model.symbol, "size": 12, "color": model.color,
                    "line": {"width": 2}}}
        for name, model in MODELS.items()
    ]  # fmt: skip


def _layout(found: Sequence[Case]) -> dict[str, Any]:
    return {
        "height": ROW_PX * len(found) + EDGE_PX,
        "margin": {"l": 8, "r": 16, "t": 40, "b": 44},
        "hovermode": "closest",
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
        "xaxis": {"title": {"text": "Error of the flight time in percent"}, "zeroline": True,
                  "zerolinewidth": 2, "fixedrange": True},
        "yaxis": {"autorange": "reversed", "fixedrange": True, "type": "category"},
        "shapes": [{"type": "rect", "xref": "x", "x0": -BAR_PERCENT, "x1": BAR_PERCENT,
                    "yref": "paper", "y0": 0, "y1": 1, "layer": "below", "line": {"width": 0},
                    "fillcolor": "rgba(0, 114, 178, 0.10)"}],
    }  # fmt: skip
