"""The launches by range and apogee, with what different reporters published about each."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from kit import tables
from kit.plots import record
from kit.plots.picture import BLUE, GRAY, GREEN, ORANGE, PURPLE, SKY, VERMILION, Picture
from kit.tables import Record

HEIGHT_PX, MARK_PX = 540, 10
DIFFER = 0.05  # reporters round; a wider gap than this share counts as a difference
REPORTERS = {"jcs": "South Korea's Joint Chiefs", "mod": "Japan's defense ministry",
             "kcna": "North Korea's agency"}  # fmt: skip
TICKS = (20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)
LABELS = tuple(f"{tick:,}" for tick in TICKS)
COLUMNS = (
    "Launch", "Date", "Class", "Range in km", "Apogee in km", "Reporters differ", "Outcome", "Id",
)  # fmt: skip
NOTHING = "No launch matches these filters."
WORDS = ("vehicle_dprk", "vehicle_common", "class", "launch_area", "splash_area", "outcome",
         "dynamics", "notes", "flight_id")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Class:
    """How a class of vehicle is shown: its name, and a color and a shape."""

    name: str
    color: str
    symbol: str


CLASSES = {
    "SRBM": Class("Short range (SRBM)", BLUE, "circle"),
    "MRBM": Class("Medium range (MRBM)", GREEN, "square"),
    "IRBM": Class("Intermediate range (IRBM)", ORANGE, "diamond"),
    "ICBM": Class("Intercontinental (ICBM)", VERMILION, "triangle-up"),
    "SLBM": Class("From a submarine (SLBM)", PURPLE, "triangle-down"),
    "HGV": Class("Glide vehicle (HGV)", SKY, "star"),
    "SLV": Class("Space launcher (SLV)", GRAY, "cross"),
    "unknown": Class("Unknown class", GRAY, "x"),
}


@dataclass(frozen=True, slots=True)
class Reported:
    """What reporters published about one quantity, in kilometers.

    ``said`` holds the published text by reporter and ``middles`` its number, or the mean of its
    numbers; ``salvo`` tells that a reporter gave several, so that they are not of one missile.
    """

    said: dict[str, str]
    middles: tuple[float, ...]
    low: float
    high: float
    salvo: bool

    @property
    def middle(self) -> float:
        """Return the middle of what the reporters published."""
        return median(self.middles)

    @property
    def differ(self) -> bool:
        """Tell whether reporters are further apart than rounding explains."""
        return max(self.middles) - min(self.middles) > DIFFER * max(self.middles)


def reported(flight: Record, quantity: str) -> Reported | None:
    """Return what was published about a launch's ``range`` or ``apogee``; None if nothing was.

    A bound such as ``700+`` or ``<200`` counts with its number.
    """
    texts = {who: flight[f"{quantity}_{who}_published"] for who in REPORTERS}
    said = {who: str(text) for who, text in texts.items() if text}
    numbers = {who: [float(x) for x in re.findall(r"\d+(?:\.\d+)?", text)]
               for who, text in said.items()}  # fmt: skip
    every = [number for found in numbers.values() for number in found]
    if not every:
        return None
    middles = tuple(sum(found) / len(found) for found in numbers.values() if found)
    salvo = any(len(found) > 1 for found in numbers.values())
    return Reported(said, middles, min(every), max(every), salvo)


def filter_launches(rows: Iterable[Record], chosen: record.Filters) -> tuple[Record, ...]:
    """Return the launches of the years and with the words chosen; other filters do not apply."""
    return tuple(
        row
        for row in rows
        if (not chosen.years or chosen.years[0] <= row["date"].year <= chosen.years[1])
        and record.says(row, chosen.text, WORDS)
    )


def launches(flights: Sequence[Record]) -> Picture:
    """Return launches on range and apogee, both on a logarithmic scale.

    Parameters
    ----------
    flights
        Rows of the table ``flights``; those without a published range or apogee are listed but
        not drawn.
    """
    both = {row["flight_id"]: (reported(row, "range"), reported(row, "apogee")) for row in flights}
    drawn = [row for row in flights if all(both[row["flight_id"]])]
    data = []
    for name in dict.fromkeys([*CLASSES, *(row["class"] for row in flights)]):
        mine = [row for row in drawn if row["class"] == name]
        data += [_trace(mine, both, name, salvo) for salvo in (False, True)]
    return Picture(
        title="Launches by range and apogee",
        figure={"data": [t for t in data if t["customdata"]] + _key(drawn, both),
                "layout": _layout()},
        summary=summary(flights),
        columns=COLUMNS,
        rows=tuple(_row(row, *both[row["flight_id"]]) for row in flights),
    )  # fmt: skip


def summary(flights: Sequence[Record]) -> str:
    """Return how many launches there are, which went highest, and how often reporters differ."""
    if not flights:
        return NOTHING
    found = [(row, reported(row, "range"), reported(row, "apogee")) for row in flights]
    drawn = [(row, far, high) for row, far, high in found if far and high]
    first, last = flights[0]["date"], flights[-1]["date"]
    parts = [f"{record.count(len(flights), 'recorded launch').replace('launchs', 'launches')}"
             f" from {record.day(first)} to {record.day(last)}, {len(drawn)} with both a range and"
             " an apogee"]  # fmt: skip
    if drawn:
        row, _, top = max(drawn, key=lambda one: one[2].middle)
        parts.append(f"the highest, {_name(row)} on {record.day(row['date'])}, reached about"
                     f" {top.middle:,.0f} km")  # fmt: skip
    compared = [one for _, *both in found for one in both if one and len(one.middles) > 1]
    if compared:
        differ = sum(one.differ for one in compared)
        parts.append(f"of {len(compared)} figures published by more than one side, {differ} differ"
                     f" by more than {DIFFER:.0%}".replace("%", " percent"))  # fmt: skip
    return "; ".join(parts) + "."


def launches_text(years: record.Years = None, text: str = "") -> str:
    """Return the launches as plain text; see :func:`kit.plots.record.filters`."""
    chosen = record.filters(years=years, text=text)
    return record.picture_text(launches(filter_launches(tables.records("flights"), chosen)))


def told(found: Reported | None) -> str:
    """Return what each reporter published, each value once, with who said it."""
    if found is None:
        return ""
    by_value: dict[str, list[str]] = {}
    for who, text in found.said.items():
        by_value.setdefault(_plain(text), []).append(who.upper())
    return ", ".join(f"{text} ({', '.join(who)})" for text, who in by_value.items())


def _plain(text: str) -> str:
    """Return a published number as written, without what makes equal numbers look unlike."""
    return text.strip().removesuffix(".0")


def _name(row: Record) -> str:
    return str(row["vehicle_common"] or row["vehicle_dprk"] or row["class"])


Both = dict[str, tuple[Reported | None, Reported | None]]


def _trace(rows: Sequence[Record], both: Both, name: str, salvo: bool) -> dict[str, Any]:
    """Return the marks of one class: single missiles filled, several at a time open."""
    shown = CLASSES.get(name) or Class(name, GRAY, "circle")
    mine = []
    for row in rows:
        far, high = both[row["flight_id"]]
        if far and high and (far.salvo or high.salvo) == salvo:
            mine.append((row, far, high))
    marker: dict[str, Any] = {"color": shown.color, "symbol": shown.symbol, "size": MARK_PX}
    if salvo:
        marker |= {"symbol": f"{shown.symbol}-open", "line": {"width": 2}}
    return {
        "type": "scatter", "mode": "markers", "showlegend": False, "hoverinfo": "text",
        "x": [far.middle for _, far, _ in mine],
        "y": [high.middle for _, _, high in mine],
        "error_x": _whiskers([far for _, far, _ in mine], shown.color),
        "error_y": _whiskers([high for _, _, high in mine], shown.color),
        "customdata": [row["flight_id"] for row, _, _ in mine],
        "hovertext": [_hover(row, far, high) for row, far, high in mine],
        "marker": marker,
    }  # fmt: skip


def _whiskers(found: Sequence[Reported], color: str) -> dict[str, Any]:
    return {
        "type": "data", "symmetric": False, "width": 3, "thickness": 1.5, "color": color,
        "array": [one.high - one.middle for one in found],
        "arrayminus": [one.middle - one.low for one in found],
    }  # fmt: skip


def _key(drawn: Sequence[Record], both: Both) -> list[dict[str, Any]]:
    used = {row["class"] for row in drawn}
    entries = [(s.name, {"color": s.color, "symbol": s.symbol, "size": MARK_PX})
               for name, s in CLASSES.items() if name in used]  # fmt: skip
    if any(one and one.salvo for row in drawn for one in both[row["flight_id"]]):
        open_ = {"color": GRAY, "symbol": "circle-open", "size": MARK_PX, "line": {"width": 2}}
        entries.append(("Open: several missiles, whiskers span them", open_))
    return [
        {"type": "scatter", "mode": "markers", "x": [None], "y": [None], "name": name,
         "hoverinfo": "skip", "marker": marker}
        for name, marker in entries
    ]  # fmt: skip


def _hover(row: Record, far: Reported, high: Reported) -> str:
    name = html.escape(f"{_name(row)} ({row['class']})", quote=False)
    lines = [f"<b>{name}</b>", record.day(row["date"])]
    lines += [f"Range: {told(far)} km", f"Apogee: {told(high)} km"]
    return "<br>".join([*lines[:2], *(html.escape(line, quote=False) for line in lines[2:])])


def _layout() -> dict[str, Any]:
    axis = {"type": "log", "tickvals": list(TICKS), "ticktext": list(LABELS), "zeroline": False}
    return {
        "height": HEIGHT_PX,
        "margin": {"l": 8, "r": 12, "t": 84, "b": 48},
        "hovermode": "closest",
        "legend": record.LEGEND,
        "xaxis": {**axis, "title": {"text": "Range in km (logarithmic)"}},
        "yaxis": {**axis, "title": {"text": "Apogee in km (logarithmic)"}},
    }


def _row(row: Record, far: Reported | None, high: Reported | None) -> tuple[str, ...]:
    differ = [word for word, one in (("range", far), ("apogee", high)) if one and one.differ]
    return (
        _name(row),
        row["date"].isoformat(),
        row["class"],
        told(far),
        told(high),
        " and ".join(differ),
        row["outcome"],
        row["flight_id"],
    )
