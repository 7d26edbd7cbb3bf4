"""Begin a play and come back to it: an exercise by name, its saved play, an example."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from kit import curation, engine, files, store
from kit import scenario as scenarios
from kit.errors import StoreError
from kit.scenario import Scenario
from kit.session import Session

EXAMPLE = "Example play"


Stamp = tuple[int, int] | None


@functools.lru_cache(maxsize=16)
def _loaded(name: str, edition: str, stamps: tuple[Stamp, Stamp]) -> Scenario:
    """Return a scenario's content, read again whenever one of its files has changed."""
    return scenarios.load(Path(name), curation.known_on(), edition)


def load_scenario(name: str | Path, edition: str = "") -> Scenario:
    """Return a shipped scenario by id, or the one in a YAML file, fully checked.

    Parameters
    ----------
    name
        Id or file.
    edition
        Other words for the same exercise: ``advanced`` for a higher reading level, ``masked``
        for invented names. Empty for the words of the file itself.

    Raises
    ------
    ScenarioError
        The scenario or its edition does not exist or has problems; all of them are listed.
    """
    path = scenarios.path_of(name)
    stamp = files.stamp(path)
    if stamp is None:
        return scenarios.load(path, edition=edition)
    words = files.stamp(scenarios.editions.path_of(path, edition)) if edition else None
    return _loaded(str(path.resolve()), edition, (stamp, words))


def start(
    name: str | Path,
    role: str | Iterable[str],
    *,
    seed: int | None = None,
    save: bool = True,
    alias: str = "",
    mode: str = "",
    edition: str = "",
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
    edition
        Other words for the same exercise: ``advanced`` or ``masked``.

    Raises
    ------
    ScenarioError, DecisionError
        The scenario is broken or a role cannot be played.
    """
    exercise = load_scenario(name, edition)
    roles = (role,) if isinstance(role, str) else tuple(role)
    return begin(exercise, roles, alias, mode, seed=seed, save=save)


def begin(
    exercise: Scenario,
    roles: tuple[str, ...],
    alias: str,
    mode: str,
    *,
    seed: int | None,
    save: bool,
) -> Session:
    """Return a new play; an earlier one is set aside. See :func:`start`."""
    engine.check_start(exercise, roles, mode)  # before the old play is set aside
    path = store.path_for(exercise.id, exercise.edition) if save else None
    if path is not None:
        with suppress(OSError):  # saving will fail too, and the session says so
            store.set_aside(path)
    return Session(exercise, dict.fromkeys(roles), seed=seed, path=path, alias=alias, mode=mode)


def resume(name: str | Path, path: str | Path | None = None, edition: str = "") -> Session:
    """Return the saved play of an exercise, exactly where it stopped.

    Parameters
    ----------
    name
        Id or file of the scenario.
    path
        The saved play; the last one of the exercise when absent.
    edition
        Which words it was played in; those that a file of its own names when ``path`` is given.

    Raises
    ------
    StoreError
        There is none, it is damaged, or it is of another scenario or version.
    """
    exercise = load_scenario(name, edition)
    if path is None:
        return resumed(exercise, store.path_for(exercise.id, exercise.edition))
    words = store.read(Path(path)).edition
    return resumed(load_scenario(name, words), Path(path))


def saved(name: str | Path, edition: str = "") -> Session | None:
    """Return the saved play of an exercise, or None when there is none; see :func:`resume`."""
    exercise = load_scenario(name, edition)
    path = store.path_for(exercise.id, exercise.edition)
    return resumed(exercise, path) if path.exists() else None


def resumed(exercise: Scenario, path: Path) -> Session:
    """Return the play in a file; see :func:`resume` for the errors."""
    return Session.opened(exercise, store.read(path), path)


def continued(exercise: Scenario) -> tuple[Session | None, str]:
    """Return the saved play of an exercise, if there is one, and what to tell the learner."""
    path = store.path_for(exercise.id, exercise.edition)
    if not path.exists():
        return None, ""
    try:
        session = resumed(exercise, path)
    except StoreError as cause:
        return None, f"{cause} It will be kept under another name."
    taken = sum(event.kind == "decide" for event in session.log)
    if not taken:
        return session, ""
    what = "1 decision" if taken == 1 else f"{taken} decisions"
    return session, f"Your saved play was continued, with {what} so far."


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
