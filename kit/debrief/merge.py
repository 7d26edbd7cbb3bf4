"""Read the capsules of a class and lay the plays side by side; each bad file is left out alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from kit import calibration, engine, intervals, log, outcomes, store
from kit.calibration import Forecast
from kit.debrief.parts import Merged, Refused, Spread, Tally, Team, Vote
from kit.errors import StoreError
from kit.log import Event
from kit.scenario import Choice, Objective, Prediction, Scenario
from kit.store import Capsule

Found = tuple[str, Capsule]


def read(folder: Path) -> tuple[list[Found], list[Refused]]:
    """Return the capsules of a folder by file name, and the files that are none.

    Raises
    ------
    StoreError
        The folder does not exist or cannot be read, or holds no capsule file at all.
    """
    try:
        paths = sorted(p for p in folder.iterdir() if p.suffix == ".json" and p.name[0] != ".")
    except OSError as cause:
        reason = cause.strerror or str(cause)
        raise StoreError(f"The folder {folder} cannot be read ({reason}).") from cause
    if not paths:
        raise StoreError(
            f"There is no saved play in {folder}. Put the teams' .json files into it."
        )
    found: list[Found] = []
    refused = []
    for path in paths:
        try:
            found.append((path.name, store.read(path)))
        except StoreError as cause:
            refused.append(Refused(path.name, str(cause)))
    return found, refused


def most_played(found: Iterable[Found]) -> str | None:
    """Return the id of the scenario that most capsules are of; the first by name among equals."""
    counts = Counter(capsule.scenario for _, capsule in found)
    return min(counts, key=lambda name: (-counts[name], name)) if counts else None


def merge(scenario: Scenario, found: Sequence[Found], refused: Iterable[Refused]) -> Merged:
    """Return the debrief of one exercise from all capsules that belong to it."""
    left_out = list(refused)
    fitting: list[tuple[str, Capsule, engine.State]] = []
    for file, capsule in found:
        try:
            state = store.check(scenario, capsule)
            if not capsule.log:
                raise StoreError("The saved play is empty.")
        except StoreError as cause:
            left_out.append(Refused(file, str(cause)))
            continue
        fitting.append((file, capsule, state))
    kept, copies = _without_copies(fitting)
    names = _names(kept)
    teams = tuple(_team(scenario, names[f], f, c, s) for f, c, s in kept)
    tallies = tuple(_tally(choice, teams) for choice in scenario.choices.values())
    base = outcomes.evaluate(scenario, roles=scenario.playable)
    spreads = tuple(
        Spread(measure, tuple(team.reached[name] for team in teams), base[name].mean)
        for name, measure in scenario.measures.items()
    )
    left_out = sorted([*left_out, *copies], key=lambda item: item.file)
    used = tuple(tally for tally in tallies if tally.decided)
    seeds = [team.seed for team in teams]
    return Merged(
        scenario,
        teams,
        tuple(left_out),
        used,
        spreads if teams else (),
        calibration.calibration(_answers(teams, kept)),
        len(set(seeds)) < len(seeds),
        _unused(teams),
    )


def _unused(teams: Sequence[Team]) -> tuple[str, ...]:
    cited = {name for t in teams for event in t.decisions.values() for name in event.evidence}
    offered = dict.fromkeys(name for team in teams for name in team.offered)
    return tuple(name for name in offered if name not in cited)


def _answers(
    teams: Iterable[Team], kept: Iterable[tuple[str, Capsule, engine.State]]
) -> list[Forecast]:
    """Return the answers of all plays; one that a second future shares counts in the first."""
    forked = {file: capsule.forked is not None for file, capsule, _ in kept}
    found: dict[str, Forecast] = {}
    for team in sorted(teams, key=lambda team: forked[team.file]):
        for one in team.forecasts:
            found.setdefault(one.seal, one)
    return list(found.values())


def _without_copies(
    fitting: list[tuple[str, Capsule, engine.State]],
) -> tuple[list[tuple[str, Capsule, engine.State]], list[Refused]]:
    """Leave out plays that are the same as another, or an earlier stand of it."""
    kept: list[tuple[str, Capsule, engine.State]] = []
    copies = []
    for item in sorted(fitting, key=lambda item: (-len(item[1].log), item[0])):
        file, capsule, _ = item
        twin = next((k for k in kept if k[1].log[: len(capsule.log)] == capsule.log), None)
        if twin is None:
            kept.append(item)
            continue
        same = len(twin[1].log) == len(capsule.log)
        what = "the same play as" if same else "an earlier stand of"
        copies.append(Refused(file, f"This is {what} {twin[0]}."))
    return sorted(kept), copies


def _names(kept: Iterable[tuple[str, Capsule, engine.State]]) -> dict[str, str]:
    """Return a name for each file that no other has: its alias, with the file if shared."""
    aliases = {file: capsule.alias or Path(file).stem for file, capsule, _ in kept}
    counts = Counter(aliases.values())
    return {f: a if counts[a] == 1 else f"{a} ({Path(f).stem})" for f, a in aliases.items()}


def _team(scenario: Scenario, name: str, file: str, capsule: Capsule, state: engine.State) -> Team:
    standing = {entry.seq for entry in state.entries}
    decisions = {e.name: e for e in capsule.log if e.kind == "decide" and e.seq in standing}
    over = engine.pending(scenario, state) is None
    if over:
        reached = outcomes.measures_of(scenario, state.known)
    else:
        ahead = outcomes.evaluate(scenario, state.known, roles=state.roles)
        reached = {measure: outcome.mean for measure, outcome in ahead.items()}
    found = calibration.forecasts(scenario, capsule.log, state, over=over, forked=capsule.forked)
    return Team(
        name=name,
        file=file,
        over=over,
        mode=capsule.log[0].mode,
        seed=state.seed,
        roles=state.roles,
        decisions=decisions,
        reached=reached,
        forecasts=found,
        fit=calibration.calibration(found),
        ratings=log.ratings(capsule.log),
        offered=tuple(n for _, i in engine.visible_injects(scenario, state) for n in i.evidence),
    )


def _tally(choice: Choice, teams: Iterable[Team]) -> Tally:
    taken: dict[str, list[Team]] = {option: [] for option in choice.options}
    for team in teams:
        if event := team.decisions.get(choice.id):
            taken[event.value].append(team)
    decided = sum(map(len, taken.values()))
    most = max(map(len, taken.values()))
    low, high = intervals.wilson(most, decided) if decided else (0.0, 1.0)
    votes = tuple(Vote(choice.options[name], tuple(found)) for name, found in taken.items())
    return Tally(choice, votes, decided, most / decided if decided else 0.0, low, high)


def reasons(merged: Merged, choice: Choice) -> list[tuple[Team, Event]]:
    """Return who decided a choice how, in the order of the options, then of the teams."""
    order = list(choice.options)
    found = [(t, t.decisions[choice.id]) for t in merged.teams if choice.id in t.decisions]
    return sorted(found, key=lambda pair: (order.index(pair[1].value), pair[0].name))


def answers(merged: Merged) -> list[tuple[Prediction, list[tuple[Team, Forecast]]]]:
    """Return each prediction that some play met, in order, with every play's answer to it."""
    found = []
    for move in merged.scenario.moves.values():
        for prediction in move.predictions:
            given = [(t, f) for t in merged.teams for f in t.forecasts
                     if f.prediction.id == prediction.id]  # fmt: skip
            if given:
                found.append((prediction, given))
    return found


def rated(merged: Merged) -> list[tuple[Objective, dict[str, list[Team]]]]:
    """Return each objective with the plays that gave it P, S, M or U, and those that did not."""
    found = []
    for goal in merged.scenario.objectives.values():
        groups: dict[str, list[Team]] = {letter: [] for letter in (*log.RATINGS, "")}
        for team in merged.teams:
            event = team.ratings.get(goal.id)
            groups[event.value if event else ""].append(team)
        found.append((goal, groups))
    return found
