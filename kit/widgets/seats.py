"""Who looks at the screen: what one government may see while another is away from the table.

In a *hot seat* the governments take turns at one screen. What is private (briefs, messages to
others, their reasons) never reaches the browser while somebody else sits there. In a *room* a
projector shows everybody the same, and briefs are on paper only.
"""

from __future__ import annotations

from kit.scenario import Choice, Scenario
from kit.session import Session


def passed_around(session: Session) -> bool:
    """Return whether governments take turns at the screen and the play is still under way."""
    return session.mode == "hot-seat" and not session.over


def deciding(session: Session) -> str:
    """Return the id of the role that decides next, empty when nothing is open."""
    return session.open[0].role if session.open else ""


def readers(session: Session, at: str) -> tuple[str, ...]:
    """Return the roles whose messages and reasons may be on the screen; ``at`` sits there."""
    return (at,) if passed_around(session) else session.state.roles


def briefed(session: Session, at: str) -> tuple[str, ...]:
    """Return the roles whose briefs may be on the screen."""
    return () if session.mode == "room" else readers(session, at)


def seat(scenario: Scenario, name: str) -> dict[str, str]:
    """Return a role as it may be shown to everybody."""
    role = scenario.roles[name]
    return {"id": name, "name": role.name, "office": role.office}


def news(session: Session, at: str) -> list[str]:
    """Return, as sentences, what others and chance have settled since ``at`` last decided.

    What was new before the first decision of a move is still new before its second.
    """
    scenario, told = session.scenario, list[str]()
    here = session.move.id if session.move else ""
    for entry in session.state.entries:
        variable = scenario.variables[entry.name]
        if not isinstance(variable, Choice):
            told.append(f"{variable.question} {variable.label(entry.value)}")
        elif variable.role != at:
            told.append(f"{scenario.roles[variable.role].name}: {variable.label(entry.value)}")
        elif variable.move != here:
            told.clear()
    return told
