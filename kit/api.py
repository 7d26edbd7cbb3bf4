"""The kit's front door to views and files: what notebooks and the terminal call by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import curation, engine, store, tasks
from kit import plays as begun
from kit import report as reports
from kit.session import Session

if TYPE_CHECKING:
    from kit.plots.picture import Picture
    from kit.widgets.exercise import ExercisePanel
    from kit.widgets.hotwash import HotWash
    from kit.widgets.plotview import PlotView
    from kit.widgets.record import RecordView, TimelineView


def play(
    name: str | Path,
    role: str | Iterable[str] | None = None,
    *,
    mode: str = "",
    edition: str = "",
    seed: int | None = None,
    save: bool = True,
) -> ExercisePanel:
    """Return the exercise as a panel to read, decide and see outcomes in.

    A saved play of the same exercise is continued; the panel says so and offers to start anew.

    Parameters
    ----------
    name
        Id or file of the scenario.
    role
        Role or roles to play; the panel asks when absent.
    mode
        Who sits where in a new play: ``solo``, ``hot-seat`` or ``room``; the panel asks, too.
    edition
        Other words for the same exercise: ``advanced`` or ``masked``; saved apart.
    seed
        Source of chance of a new play.
    save
        Whether to write a capsule after every event.

    Raises
    ------
    ScenarioError, DecisionError
        The scenario is broken or a role cannot be played.
    """
    from kit.widgets.exercise import ExercisePanel

    exercise = begun.load_scenario(name, edition)
    wanted = (role,) if isinstance(role, str) else tuple(role or ())
    engine.check_start(exercise, wanted, mode)

    def begin(roles: tuple[str, ...], alias: str, seats: str = mode) -> Session:
        return begun.begin(exercise, roles, alias, seats, seed=seed, save=save)

    session, notice = begun.continued(exercise) if save else (None, "")
    if session is not None and wanted and not notice and {*wanted} != {*session.state.roles}:
        session = None  # a play without a decision does not hold anyone to its role
    if session is None and wanted:
        session = begin(wanted, "", mode)
    return ExercisePanel(exercise, begin, session, notice)


def scenario_graph(of: str | Path | Session, *, ahead: bool = True, size: float = 1.0) -> PlotView:
    """Return what depends on what in an exercise, in play with the path taken through it.

    The graph of a play follows the play: every decision redraws it.

    Parameters
    ----------
    of
        Id or file of the scenario, or a play of it.
    ahead
        Whether to show moves that the play has not reached; players may rather not see them.
    size
        Factor for all type and heights, about 1.3 for a room with a projector.

    Raises
    ------
    ScenarioError
        The scenario does not exist or has problems.
    """
    from kit.plots.paths import paths_figure
    from kit.widgets.plotview import PlotView

    session = of if isinstance(of, Session) else None
    exercise = begun.load_scenario(of) if isinstance(of, (str, Path)) else of.scenario

    def drawn() -> Picture:
        state = session.state if session else None
        return paths_figure(exercise, state, ahead=ahead, size=size)

    def redraw() -> None:
        now = drawn()
        view.update(now.figure, now.summary, now.table)

    first = drawn()
    view = PlotView(first.figure, first.summary, first.table, title=first.title)
    if session is not None:
        session.attach("scenario graph", redraw)
    return view


def hot_wash(session: Session) -> HotWash:
    """Return a play laid out for the talk after the exercise, with its report to download."""
    from kit.widgets.hotwash import HotWash

    example = "This is an example play, because no saved play was found."
    return HotWash(session, example if session.alias == begun.EXAMPLE else "")


def write_report(session: Session, path: str | Path | None = None) -> Path:
    """Write the after-action report of a play as one HTML file and return where it is.

    Parameters
    ----------
    session
        The play, over or not.
    path
        File to write; beside the saved plays when absent.
    """
    file = (
        Path(path) if path else store.path_for(session.scenario.id, "report").with_suffix(".html")
    )
    built = reports.build(
        session.scenario, session.log, alias=session.alias, forked=session.forked
    )
    return reports.write(built, file)


def check() -> curation.Findings:
    """Return what is wrong with the shipped tables, scenarios and tasks, with counts of rows."""
    found = curation.check()
    return replace(found, problems=(*found.problems, *tasks.problems()))


def timeline(**filters: Any) -> TimelineView:
    """Return the events of the record on a timeline, with a filter bar and sourced cards.

    Parameters
    ----------
    **filters
        What to show at first; see :func:`kit.widgets.record.timeline`.
    """
    from kit.widgets import record

    return record.timeline(**filters)


def agreements() -> RecordView:
    """Return the agreements of the record: who is bound to whom, since when, and how firmly."""
    from kit.widgets import record

    return record.agreements()
