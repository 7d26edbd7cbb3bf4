"""What the exercise panel shows, as plain JSON values: a pure function of a session and a seat.

Nothing here knows the browser; text goes out as text and is never HTML.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit import engine, tables, text
from kit.plots.paths import paths_figure
from kit.scenario import Inject, Move, Scenario
from kit.session import Session
from kit.widgets import results, seats
from kit.widgets.beside import Named, beside_view
from kit.widgets.journal import log_view
from kit.widgets.predicting import foresight_view, questions_view

Json = dict[str, Any]

ROOM_SIZE = 1.5  # type on a projector against type on a desk; kit.css has the same factor


def start_view(scenario: Scenario) -> Json:
    """Return the first screen: what the exercise is, how to play it, and which seat to take."""
    return {
        **results.head(scenario),
        "stage": "start",
        "mode": "",
        "summary": scenario.summary,
        "minutes": scenario.minutes,
        "objectives": [objective.text for objective in scenario.objectives.values()],
        "roles": [seats.seat(scenario, role) for role in scenario.playable],
    }


def play_view(session: Session, at: str = "") -> Json:
    """Return everything the panel shows of a play under way or over.

    Parameters
    ----------
    session
        The play.
    at
        Id of the role at the screen, where the roles take turns; empty while nobody may look.
    """
    if seats.passed_around(session) and not at:
        return _handover(session)
    scenario, readers = session.scenario, seats.readers(session, at)
    mine = not seats.passed_around(session) or seats.deciding(session) == at
    return {
        **_frame(session),
        "stage": "over" if session.over else "play",
        "briefs": [_role(scenario, role) for role in seats.briefed(session, at)],
        "paper": session.mode == "room" and not session.over,
        "move": _move(session, readers),
        "news": _news(session, at),
        "earlier": _earlier(session, readers),
        "predictions": questions_view(session) if mine else [],
        "choice": _choice(session) if mine else None,
        "next": None if mine else seats.seat(scenario, seats.deciding(session)),
        "waiting": max(0, len(session.open) - 1) if mine else 0,
        "citable": list(dict.fromkeys(_shown(session, readers, mine))),
        "evidence": _evidence(session, readers, mine),
        "outcomes": results.outcomes_view(session),
        "foresight": foresight_view(session),
        "decisions": results.decisions_view(session, readers),
        "log": log_view(session, readers),
        "discussion": list(scenario.hot_wash) if session.over else [],
        "draft": dict(session.draft) if mine else _clock(session),
        "seed": session.seed,
        "saved": "" if session.path is None else session.path.name,
        "report": not seats.passed_around(session),
    }


def _handover(session: Session) -> Json:
    """Return the screen between two roles: whose turn it is, and nothing that is private."""
    return {
        **_frame(session),
        "stage": "handover",
        "next": seats.seat(session.scenario, seats.deciding(session)),
        "draft": _clock(session),
    }


def _frame(session: Session) -> Json:
    """Return what stands around every stage of a play."""
    return {
        **results.head(session.scenario),
        "mode": session.mode,
        "size": ROOM_SIZE if session.mode == "room" else 1,
        "moves": _progress(session),
        "minutes": None if session.move is None else session.move.minutes,
        "move_id": None if session.move is None else session.move.id,
        "warning": session.warning,
    }


def _clock(session: Session) -> Json:
    return {key: value for key, value in session.draft.items() if key == "clock"}


def paths_view(session: Session, others: Iterable[Named] = ()) -> Json:
    """Return the graph of what was and what could have been, and where to begin again.

    Moves that the play has not reached stay closed until it is over. ``others`` are the plays in
    reach, to stand beside this one; the path of the latest lies over the graph.
    """
    scenario = session.scenario
    size = ROOM_SIZE if session.mode == "room" else 1.0
    plays = list(others)
    beside = next(
        ((name.capitalize(), p.state) for name, p in reversed(plays) if p is not session), None
    )
    over = session.over
    picture = paths_figure(scenario, session.state, ahead=over, size=size, other=beside)
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
        "beside": beside_view(plays, session),
    }


def _role(scenario: Scenario, name: str) -> Json:
    """Return a seat with its brief, which is for those who play it only."""
    return {**seats.seat(scenario, name), "brief": scenario.roles[name].brief}


def _news(session: Session, at: str) -> list[str]:
    if seats.passed_around(session):
        return seats.news(session, at)
    return list(text.newly_known(session.scenario, session.state))


def _progress(session: Session) -> list[Json]:
    """Return the moves with their standing: done, now or later."""
    reached = engine.reached_moves(session.scenario, session.state)
    marks = []
    for move in session.scenario.moves.values():
        standing = "now" if move is session.move else "done" if move in reached else "later"
        marks.append({"title": move.title, "as_of": move.day, "standing": standing})
    return marks


def _move(session: Session, readers: Iterable[str]) -> Json | None:
    """Return the move in play, or None when the exercise is over."""
    return None if session.move is None else _told(session, session.move, readers)


def _told(session: Session, move: Move, readers: Iterable[str]) -> Json:
    scenario = session.scenario
    injects = [
        _inject(scenario, inject)
        for where, inject in engine.visible_injects(scenario, session.state, readers)
        if where is move
    ]
    return {
        "id": move.id,
        "title": move.title,
        "as_of": move.day,
        "minutes": move.minutes,
        "number": list(scenario.moves).index(move.id) + 1,
        "situation": move.situation,
        "injects": injects,
    }


def _earlier(session: Session, readers: Iterable[str]) -> list[Json]:
    """Return the moves before the current one, newest first."""
    reached = engine.reached_moves(session.scenario, session.state)
    return [_told(session, m, readers) for m in reversed(reached) if m is not session.move]


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
        "votes": session.mode == "room",
    }


def _shown(session: Session, readers: Iterable[str], mine: bool) -> Iterable[str]:
    """Yield the ids of the evidence put before the readers so far."""
    for _, inject in engine.visible_injects(session.scenario, session.state, readers):
        yield from inject.evidence
    for choice in session.open if mine else ():
        yield from choice.evidence


def _evidence(session: Session, readers: tuple[str, ...], mine: bool) -> dict[str, Json]:
    """Return the cards of all evidence that the panel may open, by id."""
    if session.scenario.masked:
        return {}
    wanted = dict.fromkeys(_shown(session, readers, mine))
    for event in session.log:
        if event.role in readers:
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
