"""A map of the region that draws without a network: our own coastline, and both names of the sea.

Plotly's own base map comes from a server and leaves the whole figure blank without it, so it is
switched off (``layout.geo.visible``) and land is a trace like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kit import tables
from kit.plots.picture import GRAY

Trace = dict[str, Any]
Point = tuple[float, float]  # longitude and latitude in degrees
Span = tuple[float, float]

HEIGHT_PX = 540
LAND = "rgba(122, 122, 122, 0.20)"  # a veil over whatever ground the theme has
# Where the names of seas stand is for the eye only. The disputed one carries both its names.
SEAS = (
    ("Sea of Japan /<br>East Sea", 37.0, 132.3),
    ("Yellow Sea", 35.6, 123.2),
    ("Pacific Ocean", 31.5, 145.5),
)
VIEW: tuple[Span, Span] = ((116.0, 155.0), (29.3, 46.2))  # longitudes and latitudes shown at first
BESIDE = {
    "seoul": "middle left", "busan": "bottom center", "fukuoka": "bottom left",
    "osaka": "bottom center", "sapporo": "bottom right",
}  # fmt: skip


def base_traces() -> list[Trace]:
    """Return land, names of seas and cities: what every map begins with."""
    return [_land(rings()), _seas(), _cities()]


def layout(lon: Span = VIEW[0], lat: Span = VIEW[1]) -> dict[str, Any]:
    """Return the layout of a map that shows these longitudes and latitudes, in degrees."""
    return {
        "height": HEIGHT_PX,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "hovermode": "closest",
        "showlegend": False,
        "geo": {
            "visible": False,  # or plotly asks a server for its base map
            "projection": {"type": "conic conformal", "parallels": [32, 44],
                           "rotation": {"lon": sum(lon) / 2}},
            "lonaxis": {"range": list(lon)},
            "lataxis": {"range": list(lat)},
        },
    }  # fmt: skip


def window(points: Iterable[Point], air_deg: float = 2.0) -> tuple[Span, Span]:
    """Return longitudes and latitudes that hold the usual view and all points."""
    lons, lats = zip(*points, strict=True)
    (west, east), (south, north) = VIEW
    return (
        (float(min(west, min(lons) - air_deg)), float(max(east, max(lons) + air_deg))),
        (float(min(south, min(lats) - air_deg)), float(max(north, max(lats) + air_deg))),
    )


def rings() -> tuple[tuple[Point, ...], ...]:
    """Return the closed lines around land; the last point of each joins its first."""
    found: dict[int, list[Point]] = {}
    for row in tables.records("coastline"):
        numbers = map(float, row["points"].replace(",", "").split(" "))
        found.setdefault(row["ring"], []).extend(zip(numbers, numbers, strict=True))
    return tuple(map(tuple, found.values()))


def lines(parts: Iterable[Sequence[Point]]) -> dict[str, list[float | None]]:
    """Return lines as the ``lon`` and ``lat`` of one trace, with a gap between two lines."""
    lon: list[float | None] = []
    lat: list[float | None] = []
    for part in parts:
        lon += [*(point[0] for point in part), None]
        lat += [*(point[1] for point in part), None]
    return {"lon": lon[:-1], "lat": lat[:-1]}


def _land(found: Iterable[Sequence[Point]]) -> Trace:
    return {"type": "scattergeo", "mode": "lines", "name": "Land", "hoverinfo": "skip",
            "fill": "toself", "fillcolor": LAND, "line": {"width": 0.8, "color": GRAY},
            **lines([*ring, ring[0]] for ring in found)}  # fmt: skip


def _seas() -> Trace:
    return {"type": "scattergeo", "mode": "text", "name": "Seas", "hoverinfo": "skip",
            "text": [f"<i>{name}</i>" for name, _, _ in SEAS],
            "lat": [lat for _, lat, _ in SEAS], "lon": [lon for _, _, lon in SEAS],
            "textfont": {"size": 12, "color": GRAY}}  # fmt: skip


def _cities() -> Trace:
    rows = tables.records("places")
    return {"type": "scattergeo", "mode": "markers+text", "name": "Cities", "hoverinfo": "text",
            "text": [row["name"] for row in rows],
            "lat": [row["lat_deg"] for row in rows], "lon": [row["lon_deg"] for row in rows],
            "textposition": [BESIDE.get(row["place_id"], "middle right") for row in rows],
            "textfont": {"size": 12},
            "marker": {"symbol": "square", "size": 5, "color": GRAY}}  # fmt: skip
