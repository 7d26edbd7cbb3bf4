"""What the exercise panel shows, as plain JSON values: a pure function of a session.

Nothing here knows the browser; text goes out as text and is never HTML.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit import engine, tables, text
from kit.plots.paths import paths_figure
from kit.scenario import Choice, Inject, Move, Scenario
from kit.session import Session
from kit.widgets import results

Json = dict[str, Any]


def start_view(scenario: Scenario) -> Json:
    """Return the first screen: what the exercise is, and which seat to take."""
    return {
        **results.head(scenario),
        "stage": "start",
        "summary": scenario.summary,
        "minutes": scenario.minutes,
        "objectives": [objective.text for objective in scenario.objectives.values()],
        "roles": [_seat(scenario, role) for role in scenario.playable],
    }


def play_view(session: Session) -> Json:
    """Return everything the panel shows of a play under way or over."""
    scenario, state = session.scenario, session.state
    return {
        **results.head(scenario),
        "stage": "over" if session.over else "play",
        "briefs": [_role(scenario, role) for role in state.roles],
        "moves": _progress(session),
        "move": _move(session),
        "news": list(text.newly_known(scenario, state)),
        "earlier": _earlier(session),
        "choice": _choice(session),
        "waiting": max(0, len(session.open) - 1),
        "citable": _citable(session),
        "evidence": _evidence(session),
        "outcomes": results.outcomes_view(session),
        "decisions": results.decisions_view(session),
        "log": _log(session),
        "discussion": list(scenario.hot_wash) if session.over else [],
        "draft": dict(session.draft),
        "seed": session.seed,
        "saved": "" if session.path is None else session.path.name,
        "warning": session.warning,
    }


def paths_view(session: Session) -> Json:
    """Return the graph of what was and what could have been, and where to begin again.

    Moves that the play has not reached stay closed until it is over.
    """
    scenario = session.scenario
    picture = paths_figure(scenario, session.state, ahead=session.over)
    past = []
    for entry in results.taken(session):
        choice = scenario.choices[entry.name]
        where = f"{scenario.moves[choice.move].title}, {scenario.roles[choice.role].name}"
        label = f"{where}: {choice.label(entry.value)}"
        past.append({"decision": entry.seq, "choice": choice.id, "label": label})
    return {
        "figure": dict(picture.figure),
        "summary": picture.summary,
        "table": picture.table,
        "title": picture.title,
        "height": picture.figure["layout"]["height"],
        "past": past,
    }


def _seat(scenario: Scenario, name: str) -> Json:
    role = scenario.roles[name]
    return {"id": name, "name": role.name, "office": role.office}


def _role(scenario: Scenario, name: str) -> Json:
    """Return a seat with its brief, which is for those who play it only."""
    return {**_seat(scenario, name), "brief": scenario.roles[name].brief}


def _progress(session: Session) -> list[Json]:
    """Return the moves with their standing: done, now or later."""
    reached = engine.reached_moves(session.scenario, session.state)
    marks = []
    for move in session.scenario.moves.values():
        standing = "now" if move is session.move else "done" if move in reached else "later"
        marks.append({"title": move.title, "as_of": move.as_of, "standing": standing})
    return marks


def _move(session: Session) -> Json | None:
    """Return the move in play, or None when the exercise is over."""
    return None if session.move is None else _told(session, session.move)


def _told(session: Session, move: Move) -> Json:
    scenario = session.scenario
    injects = [
        _inject(scenario, inject)
        for where, inject in engine.visible_injects(scenario, session.state)
        if where is move
    ]
    return {
        "id": move.id,
        "title": move.title,
        "as_of": move.as_of,
        "minutes": move.minutes,
        "number": list(scenario.moves).index(move.id) + 1,
        "situation": move.situation,
        "injects": injects,
    }


def _earlier(session: Session) -> list[Json]:
    """Return the moves before the current one, newest first."""
    reached = engine.reached_moves(session.scenario, session.state)
    return [_told(session, move) for move in reversed(reached) if move is not session.move]


def _inject(scenario: Scenario, inject: Inject) -> Json:
    return {
        "id": inject.id,
        "minute": inject.minute,
        "channel": text.CHANNELS[inject.channel],
        "kind": inject.channel,
        "from": inject.sender,
        "to": ", ".join(scenario.roles[role].name for role in inject.to),
        "text": inject.text,
        "evidence": list(inject.evidence),
    }


def _choice(session: Session) -> Json | None:
    """Return the first open choice; the panel asks for one decision at a time."""
    if not session.open:
        return None
    choice = session.open[0]
    options = engine.open_options(choice, session.state.known)
    return {
        "id": choice.id,
        "role": session.scenario.roles[choice.role].name,
        "question": choice.question,
        "context": choice.context,
        "evidence": list(choice.evidence),
        "options": [{"id": o.id, "text": o.text, "tradeoff": o.tradeoff} for o in options],
    }


def _shown(session: Session) -> Iterable[str]:
    """Yield the ids of the evidence put before the learner so far."""
    for _, inject in engine.visible_injects(session.scenario, session.state):
        yield from inject.evidence
    for choice in session.open:
        yield from choice.evidence


def _citable(session: Session) -> list[str]:
    return list(dict.fromkeys(_shown(session)))


def _evidence(session: Session) -> dict[str, Json]:
    """Return the cards of all evidence that the panel may open, by id."""
    wanted = dict.fromkeys(_shown(session))
    for event in session.log:
        wanted |= dict.fromkeys(event.evidence)
    for assumption in session.scenario.assumptions.values():
        wanted |= dict.fromkeys(assumption.evidence)
    known = tables.evidence()
    today = None if session.move is None else session.move.as_of
    sources = {str(row["source_id"]): row for row in tables.records("sources")}
    return {
        name: {
            "title": known[name].title,
            "date": known[name].date.isoformat(),
            # what the record says of an agreement tells later events too: no hindsight in play
            "summary": known[name].summary if known[name].kind == "event" else "",
            "sources": _sources([sources[source] for source in known[name].source_ids], today),
        }
        for name in wanted
        if name in known
    }


def _sources(rows: Iterable[Any], today: str | None) -> list[Json]:
    """Return sources as links; what was published after ``today`` is counted only.

    A later headline tells what governments did: "Cabinet approves full suspension".
    """
    shown, later = list[Json](), 0
    for row in rows:
        if today is not None and row["published"] is not None and str(row["published"]) > today:
            later += 1
        else:
            shown.append({key: str(row[key] or "") for key in ("title", "publisher", "url")})
    if later:
        title = "1 source published later" if later == 1 else f"{later} sources published later"
        shown.append({"title": title, "publisher": "shown when the exercise is over", "url": ""})
    return shown


def _log(session: Session) -> list[Json]:
    """Return the whole log in words, withdrawn decisions and draws included."""
    rows = []
    for event in session.log:
        rows.append({"seq": event.seq, "at": event.at, "text": _event(session.scenario, event)})
    return rows


def _event(scenario: Scenario, event: Any) -> str:
    if event.kind == "start":
        seats = ", ".join(scenario.roles[role].name for role in event.roles)
        return f"Start as {seats}; seed {event.seed}."
    if event.kind == "withdraw":
        return f"Decision {event.ref} and what followed from it taken back."
    if event.kind == "note":
        return f"Note: {event.note}"
    variable = scenario.variables[event.name]
    value = variable.label(event.value)
    if event.kind == "draw":
        if isinstance(variable, Choice):
            return f"{scenario.roles[variable.role].name} (not played): {value}"
        return f"Chance. {variable.question} {value}"
    sure = "" if event.confidence is None else f" ({event.confidence} % sure)"
    because = f" Because: {event.note}" if event.note else ""
    return f"{scenario.roles[event.role].name} decides: {value}{sure}{because}"
