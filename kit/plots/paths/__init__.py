"""The scenario graph: what depends on what, and in play the path taken and the paths left.

Moves are columns, choices and uncertainties boxes with their options as rows. Lines lead from
what is settled first to what depends on it.
"""

from __future__ import annotations

from kit import engine
from kit.plots.paths import frame, traces, words
from kit.plots.paths.places import layout
from kit.plots.paths.sheet import Sheet
from kit.plots.picture import Picture
from kit.scenario import Scenario


def paths_figure(
    scenario: Scenario,
    state: engine.State | None = None,
    *,
    ahead: bool = True,
    size: float = 1.0,
    other: tuple[str, engine.State] | None = None,
) -> Picture:
    """Return the graph of a scenario, and in play the path taken through it.

    Parameters
    ----------
    scenario
        The exercise.
    state
        Where a play of it stands; without one the graph shows the scenario alone.
    ahead
        Whether to show moves that the play has not reached; players may rather not see them.
    size
        Factor for all type and heights, about 1.3 for a room with a projector.
    other
        Name of another future of the play and where it stands, to lay its path over this one.
    """
    places = layout(scenario)
    shown = frozenset(places.moves)
    if state is not None and not ahead and engine.pending(scenario, state):
        shown = frozenset(move.id for move in engine.reached_moves(scenario, state))
    name, beside = other or ("", None)
    sheet = Sheet(scenario, state, shown, size, places, beside, name)
    data = [trace for draw in traces.DRAWN for trace in draw(sheet)]
    title = "What depends on what" if state is None else "The path taken, and the paths left"
    return Picture(
        title=title,
        figure={"data": data, "layout": frame.layout(sheet)},
        summary=words.summary(scenario, state),
        columns=words.COLUMNS,
        rows=words.rows(scenario, state, [m for m in places.moves if m in shown]),
    )
