"""The kit's front door: what notebooks and the terminal call by name."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import curation, engine, files, store, tasks
from kit import report as reports
from kit import scenario as scenarios
from kit.errors import StoreError
from kit.scenario import Scenario
from kit.session import Session

if TYPE_CHECKING:
    from kit.plots.picture import Picture
    from kit.widgets.exercise import ExercisePanel
    from kit.widgets.hotwash import HotWash
    from kit.widgets.plotview import PlotView
    from kit.widgets.record import RecordView, TimelineView


EXAMPLE = "Example play"


@functools.lru_cache(maxsize=16)
def _loaded(name: str, stamp: tuple[int, int]) -> Scenario:
    """Return a scenario file's content, read again whenever the file has changed (``stamp``)."""
    return scenarios.load(Path(name), curation.known_on())


def load_scenario(name: str | Path) -> Scenario:
    """Return a shipped scenario by id, or the one in a YAML file, fully checked.

    Raises
    ------
    ScenarioError
        The scenario does not exist or has problems; all of them are listed.
    """
    path = scenarios.path_of(name)
    stamp = files.stamp(path)
    return scenarios.load(path) if stamp is None else _loaded(str(path.resolve()), stamp)


def start(
    name: str | Path,
    role: str | Iterable[str],
    *,
    seed: int | None = None,
    save: bool = True,
    alias: str = "",
    mode: str = "",
) -> Session:
    """Return a new play of an exercise; no widgets needed.

    Parameters
    ----------
    name
        Id or file of the scenario.
    role
        Role or roles to play; all others decide by their odds.
    seed
        Source of chance; drawn and shown when absent.
    save
        Whether to write a capsule after every event. An earlier play is set aside, not deleted.
    alias
        Name for the learner or team; no personal data is needed.
    mode
        Who sits where: ``solo``, ``hot-seat`` (the roles in turn) or ``room`` (a projector).

    Raises
    ------
    ScenarioError, DecisionError
        The scenario is broken or a role cannot be played.
    """
    exercise = load_scenario(name)
    roles = (role,) if isinstance(role, str) else tuple(role)
    return _begin(exercise, roles, alias, mode, seed=seed, save=save)


def _begin(
    exercise: Scenario,
    roles: tuple[str, ...],
    alias: str,
    mode: str,
    *,
    seed: int | None,
    save: bool,
) -> Session:
    engine.check_start(exercise, roles, mode)  # before the old play is set aside
    path = store.path_for(exercise.id) if save else None
    if path is not None:
        with suppress(OSError):  # saving will fail too, and the session says so
            store.set_aside(path)
    return Session(exercise, dict.fromkeys(roles), seed=seed, path=path, alias=alias, mode=mode)


def resume(name: str | Path, path: str | Path | None = None) -> Session:
    """Return the saved play of an exercise, exactly where it stopped.

    Raises
    ------
    StoreError
        There is none, it is damaged, or it is of another scenario or version.
    """
    exercise = load_scenario(name)
    return _resumed(exercise, Path(path) if path else store.path_for(exercise.id))


def saved(name: str | Path) -> Session | None:
    """Return the saved play of an exercise, or None when there is none; see :func:`resume`."""
    exercise = load_scenario(name)
    path = store.path_for(exercise.id)
    return _resumed(exercise, path) if path.exists() else None


def _resumed(exercise: Scenario, path: Path) -> Session:
    return Session.opened(exercise, store.read(path), path)


def play(
    name: str | Path,
    role: str | Iterable[str] | None = None,
    *,
    mode: str = "",
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

    exercise = load_scenario(name)
    wanted = (role,) if isinstance(role, str) else tuple(role or ())
    engine.check_start(exercise, wanted, mode)

    def begin(roles: tuple[str, ...], alias: str, seats: str = mode) -> Session:
        return _begin(exercise, roles, alias, seats, seed=seed, save=save)

    session, notice = _continued(exercise) if save else (None, "")
    if session is not None and wanted and not notice and {*wanted} != {*session.state.roles}:
        session = None  # a play without a decision does not hold anyone to its role
    if session is None and wanted:
        session = begin(wanted, "", mode)
    return ExercisePanel(exercise, begin, session, notice)


def _continued(exercise: Scenario) -> tuple[Session | None, str]:
    """Return the saved play of an exercise, if there is one, and what to tell the learner."""
    path = store.path_for(exercise.id)
    if not path.exists():
        return None, ""
    try:
        session = _resumed(exercise, path)
    except StoreError as cause:
        return None, f"{cause} It will be kept under another name."
    taken = sum(event.kind == "decide" for event in session.log)
    if not taken:
        return session, ""
    what = "1 decision" if taken == 1 else f"{taken} decisions"
    return session, f"Your saved play was continued, with {what} so far."


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
    exercise = load_scenario(of) if isinstance(of, (str, Path)) else of.scenario

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
    return HotWash(session, example if session.alias == EXAMPLE else "")


def latest(name: str | Path) -> Session:
    """Return the saved play of an exercise, or an example play when there is none.

    The example plays the first role by the last of the author's own test lines.
    """
    if (found := saved(name)) is not None:
        return found
    exercise = load_scenario(name)
    session = Session(exercise, exercise.playable[:1], seed=0, alias=EXAMPLE)
    session.follow(exercise.plays[-1].assign if exercise.plays else exercise.base_case)
    return session


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
