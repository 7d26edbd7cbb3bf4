"""Play an exercise in a terminal, and write the report of the saved play."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kit import api, engine, playcode, plays, text
from kit.errors import DecisionError, StoreError
from kit.scenario import Prediction
from kit.session import Session
from kit.session.adopt import adopt

HELP = (
    "Type the id of an option, 'undo', 'fork' (a second future from your last decision) or 'fork' "
    "with the id of a choice, 'results', 'predictions', 'situation', 'brief' or 'quit'."
)


def register(commands: Any) -> None:
    """Add the commands for players."""
    play = commands.add_parser("play", help="play an exercise in the terminal")
    play.add_argument("scenario")
    play.add_argument("--role", action="append", help="role to play; repeat for several")
    play.add_argument("--mode", default="", help="solo, hot-seat or room")
    play.add_argument("--edition", default="", help="other words: advanced or masked")
    play.add_argument("--seed", type=int, help="source of chance")
    play.add_argument("--new", action="store_true", help="start anew even if a play is saved")
    play.add_argument("--file", type=Path, help="saved play to continue, such as a second future")
    play.add_argument("--code", help="code of a play to continue, as printed at its end")
    play.set_defaults(run=_play)
    report = commands.add_parser("report", help="write the after-action report of the saved play")
    report.add_argument("scenario")
    report.add_argument("file", type=Path)
    report.add_argument("--edition", default="", help="words it was played in")
    report.set_defaults(run=_report)


def _report(options: argparse.Namespace) -> int:
    """Write the report of the saved play and print where it is."""
    session = plays.resume(options.scenario, edition=options.edition)
    try:
        print(api.write_report(session, options.file))
    except (OSError, ValueError) as problem:  # a folder that cannot be written, or another suffix
        print(f"The report is not written: {problem}", file=sys.stderr)
        return 1
    return 0


def _play(options: argparse.Namespace) -> int:
    """Play to the end or until the learner leaves; every event is saved."""
    session = first = _session(options)
    if session.open:
        print(session.briefs())
    print(session.situation())
    try:
        while session.open:
            _predict(session)
            print(session.decisions())
            print(HELP)
            answer = input("> ").strip()
            if answer in ("quit", "q"):
                raise EOFError
            if answer.split()[:1] == ["fork"]:
                first, session = session, _forked(session, answer.split()[1:])
            else:
                _answer(session, answer)
    except (EOFError, KeyboardInterrupt):  # also in the middle of a question
        print("Saved. The same command continues this play.")
        _print_code(session)
        return 0
    print(session.results())
    if session.predictions():
        print(session.foresight())
    if session is not first:
        print(first.beside(session))
    _print_code(session)
    return 0


def _print_code(session: Session) -> None:
    """Print the code with which the play goes on elsewhere, or why there is none."""
    try:
        code = playcode.to_code(session.capsule, session.scenario)
    except StoreError as cause:
        print(cause)
        return
    print(f"Code of this play: {code}")
    print(f"It carries {playcode.CARRIES}. Elsewhere: play {session.scenario.id} --code CODE")


def _forked(session: Session, words: Sequence[str]) -> Session:
    """Return a second future to go on with, or the same play when there can be none."""
    try:
        second = session.fork(words[0] if words else None)
    except (DecisionError, StoreError) as problem:
        print(problem)
        return session
    print(f"A second future begins here, saved in {second.path}; the first stays as it is.\n")
    if second.warning:
        print(second.warning)
    print(second.situation())
    return second


def _session(options: argparse.Namespace) -> Session:
    scenario = plays.load_scenario(options.scenario, options.edition)
    if options.code is not None:
        return _from_code(options)
    if options.file:
        saved: Session | None = plays.resume(options.scenario, options.file)
    else:
        saved = None if options.new else _saved(options)
    if saved is not None:
        print(f"Continuing the saved play ({saved.path}).\n")
        if saved.warning:
            print(f"{saved.warning}\n")
        return saved
    roles = options.role or [_ask_role(scenario.playable)]
    return plays.start(
        options.scenario, roles, seed=options.seed, mode=options.mode, edition=options.edition
    )


def _saved(options: argparse.Namespace) -> Session | None:
    """Return the saved play; one that cannot go on is refused with the way to a new one."""
    try:
        return plays.saved(options.scenario, options.edition)
    except StoreError as cause:
        raise StoreError(f"{cause}\nIn the terminal, --new begins a new play.") from cause


def _from_code(options: argparse.Namespace) -> Session:
    """Return the play that a code carries, saved like a new one; an earlier one is set aside."""
    scenario = plays.load_scenario(options.scenario, options.edition)
    capsule = playcode.from_code(options.code, scenario)
    session = adopt(
        scenario,
        capsule,
        lambda roles, alias, mode: plays.start(
            options.scenario, roles, alias=alias, mode=mode, edition=options.edition
        ),
    )
    print(f"Continuing the play of this code, saved in {session.path}.\n")
    if session.warning:
        print(f"{session.warning}\n")
    return session


def _ask_role(playable: Sequence[str]) -> str:
    try:
        return input(f"Which role do you play ({', '.join(playable)})? ").strip()
    except EOFError:
        return ""


def _answer(session: Session, answer: str) -> None:
    """Do what a line of input asks for; refuse it in words when it is not possible."""
    if answer == "results":
        print(session.results())
        return
    if answer == "situation":
        print(session.situation())
        return
    if answer == "predictions":
        print(session.foresight())
        return
    if answer == "brief":
        print(session.briefs())
        return
    before = engine.current_move(session.scenario, session.state)
    try:
        if answer == "undo":
            session.withdraw()
        else:
            _decide(session, answer)
    except DecisionError as problem:
        print(problem)
        return
    if session.warning:
        print(session.warning)
    if answer != "undo" and not session.over:  # at the end they follow after the situation
        print("\n" + session.results())
    if engine.current_move(session.scenario, session.state) is not before:
        print(session.situation())


def _predict(session: Session) -> None:
    """Ask for the predictions of the move, and seal each; an empty answer passes."""
    if session.unpredicted:
        print("Before you decide: what do you expect? What you say is sealed.\n")
    while asked := session.unpredicted:
        print(text.questions(session.scenario, asked[:1]))
        hint = "low high" if asked[0].asks_range else "percent"
        answer = input(f"{hint}, or empty to pass> ").strip()
        try:
            event = session.predict(asked[0].id, **_ends(asked[0], answer))
        except DecisionError as problem:
            print(problem)
            continue
        print(f"Sealed: {event.seal[:8]}\n" if event.value else "Passed.\n")


def _ends(prediction: Prediction, answer: str) -> dict[str, float]:
    """Return what was typed as numbers: one percentage, or the two ends of a range."""
    words = answer.replace("%", " ").replace("..", " ").split()
    if not words:
        return {}
    names = ("low", "high") if prediction.asks_range else ("probability",)
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        numbers = []
    if len(numbers) != len(names):
        wanted = "two numbers, low and high" if prediction.asks_range else "one number, 0 to 100"
        raise DecisionError(f"'{answer}' is not {wanted}.")
    return dict(zip(names, numbers, strict=True))


def _decide(session: Session, option: str) -> None:
    """Ask for reason and confidence, then take the decision."""
    known = session.state.known
    allowed = {c.id: [o.id for o in engine.open_options(c, known)] for c in session.open}
    choice = next((c for c in session.open if option in allowed[c.id]), None)
    if choice is None:
        every = dict.fromkeys(o for options in allowed.values() for o in options)
        raise DecisionError(f"'{option}' is not open. Open options: {', '.join(every)}.")
    print(f"{choice.question} {choice.label(option)}")  # options of two choices may share an id
    note = input("Why? ").strip()
    cited = input("Which evidence do you rely on (ids, empty to skip)? ").replace(",", " ").split()
    sure = input("How sure are you, 0 to 100 percent (empty to skip)? ").strip()
    if sure and not (sure.isdecimal() and int(sure) <= 100):
        raise DecisionError(f"'{sure}' is not a whole number from 0 to 100 percent.")
    change = input("What would change your mind? ").strip()
    percent = int(sure) if sure else None
    session.decide(
        option, choice.id, note=note, confidence=percent, evidence=cited, change_mind=change
    )
