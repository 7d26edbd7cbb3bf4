"""Go on with a play that comes from elsewhere, from a file or a code."""

from __future__ import annotations

from collections.abc import Callable

from kit import store
from kit.errors import StoreError
from kit.scenario import Scenario
from kit.session.play import Session

Start = Callable[[tuple[str, ...], str, str], Session]


def adopt(scenario: Scenario, capsule: store.Capsule, start: Start) -> Session:
    """Return a play from elsewhere, saved where a new play of the exercise would be.

    Parameters
    ----------
    scenario
        The exercise.
    capsule
        The play.
    start
        Makes a new play for some roles, an alias and a mode, and sets an earlier one aside.

    Raises
    ------
    StoreError
        The play is damaged, empty, or of another scenario or version; nothing has changed.
    """
    whole = Session.opened(scenario, capsule, None)  # refused before anything is set aside
    path = start(whole.state.roles, capsule.alias, whole.mode).path
    if path is None:
        return whole
    warning = ""
    try:
        store.write(path, whole.capsule)
    except StoreError as cause:  # the play must go on
        warning = str(cause)
    session = Session.opened(scenario, whole.capsule, path)
    session.warning = " ".join(filter(None, (session.warning, warning)))
    return session
