"""A play as a short code to type on another machine: decisions and seed, no words.

Replaying a code leads to the same state hash. It carries who plays, the seed, the decisions that
stand and how sure the learner was; no predictions, reasons, notes, evidence or names, and no
decisions taken back. The capsule file carries everything.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from kit import engine, store
from kit.errors import KitError, StoreError
from kit.log import Event
from kit.scenario import Scenario

# 31 signs: no 0 and O, no 1, I and L. A prime number of them, so that the two check signs notice
# every single wrong sign and every swap of neighbors.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
BASE = len(ALPHABET)
BOUND, CHECKS = 4, 2  # signs that bind a code to its scenario, signs that notice a slip
GROUP = 4
LONGEST = 1_000
FORMAT, FORMATS = 0, 4
SEEDS = 1_000_000  # seeds that the kit draws; others take more signs
UNSURE, SURE = 101, 102  # 0 to 100 percent, or not stated
CARRIES = "decisions and how sure you were, but no predictions, reasons, notes or evidence"

Digit = tuple[int, int]  # a number and how many there could be: 0 <= number < radix


def to_code(capsule: store.Capsule, scenario: Scenario) -> str:
    """Return the code of a play, in groups of four letters and digits.

    Parameters
    ----------
    capsule
        The play.
    scenario
        Its exercise: a code names options by their place in it.

    Raises
    ------
    StoreError
        The play is damaged, of another scenario, or its chance does not follow from its seed.
    """
    state, _ = engine.settle(scenario, store.check(scenario, capsule))
    sure = {event.seq: event.confidence for event in capsule.log if event.kind == "decide"}
    try:
        number = 0
        for digit, radix in reversed(_digits(scenario, state, sure)):
            number = number * radix + digit
        code = _sealed(_signs(number), scenario)
        _, again = _replayed(_opened(code, scenario), scenario)
        same = engine.state_hash(scenario, again) == engine.state_hash(scenario, state)
    except (KitError, ValueError):  # chance went another way, so a choice was not open
        same = False
    if not same:
        raise StoreError("No code can carry this play. Download it as a file instead.")
    return code


def from_code(text: str, scenario: Scenario) -> store.Capsule:
    """Return the play that a code carries; spaces, dashes and small letters do not matter.

    Raises
    ------
    StoreError
        A sign is wrong or missing, or the code is of another exercise or version.
    """
    log, _ = _replayed(_opened(text, scenario), scenario)
    return store.Capsule(scenario.id, scenario.version, scenario.fingerprint, log)


# --- numbers ----------------------------------------------------------------------------------


def _digits(scenario: Scenario, state: engine.State, sure: dict[int, int | None]) -> list[Digit]:
    """Return a play as digits, each with a radix that its reader knows by then."""
    seats = sum(1 << n for n, role in enumerate(scenario.playable) if role in state.roles)
    played = [e for e in state.entries if engine.is_played(state, scenario.variables[e.name])]
    stated = any(sure[entry.seq] is not None for entry in played)
    digits = [(FORMAT, FORMATS), (seats, 1 << len(scenario.playable))]
    digits += [*_seed_digits(state.seed or 0), (int(stated), 2)]
    now, _ = engine.settle(scenario, engine.State(state.roles, state.seed, (), 1))
    for entry in played:
        choices = [choice.id for choice in engine.open_choices(scenario, now)]
        place = choices.index(entry.name)
        options = engine.open_options(scenario.choices[entry.name], now.known)
        digits.append((place + 1, len(choices) + 1))
        digits.append(([o.id for o in options].index(entry.value), len(options)))
        if stated:
            percent = sure[entry.seq]
            digits.append((UNSURE if percent is None else percent, SURE))
        event = Event(now.seq + 1, "decide", entry.name, entry.value)
        now, _ = engine.settle(scenario, engine.apply(scenario, now, event))
    digits.append((0, len(engine.open_choices(scenario, now)) + 1))  # no further decision
    return digits


def _seed_digits(seed: int) -> list[Digit]:
    if 0 <= seed < SEEDS:
        return [(seed, SEEDS + 1)]
    digits, rest = [(SEEDS, SEEDS + 1), (int(seed < 0), 2)], abs(seed)
    while rest:
        digits += [(1, 2), (rest % BASE, BASE)]
        rest //= BASE
    return [*digits, (0, 2)]


@dataclass(slots=True)
class _Reader:
    """Takes the digits of a number off, the first one first."""

    number: int

    def take(self, radix: int) -> int:
        """Return the next digit."""
        self.number, digit = divmod(self.number, radix)
        return digit

    def seed(self) -> int:
        """Return the seed."""
        if (found := self.take(SEEDS + 1)) < SEEDS:
            return found
        sign, found, place = 1 - 2 * self.take(2), 0, 1
        while self.take(2):
            found += self.take(BASE) * place
            place *= BASE
        return sign * found


def _replayed(number: int, scenario: Scenario) -> tuple[tuple[Event, ...], engine.State]:
    """Return the log and the state that a number stands for."""
    reader = _Reader(number)
    if reader.take(FORMATS) != FORMAT:
        raise StoreError("This code was made by a newer version of the kit.")
    seats = reader.take(1 << len(scenario.playable))
    roles = tuple(role for n, role in enumerate(scenario.playable) if seats >> n & 1)
    seed, stated = reader.seed(), bool(reader.take(2))
    log = [Event(1, "start", roles=roles, seed=seed)]
    state, draws = engine.settle(scenario, engine.apply(scenario, engine.State(), log[0]))
    log += draws
    while place := reader.take(len(choices := engine.open_choices(scenario, state)) + 1):
        choice = choices[place - 1]
        options = engine.open_options(choice, state.known)
        option = options[reader.take(len(options))].id
        percent = reader.take(SURE) if stated else UNSURE
        sure = None if percent == UNSURE else percent
        event = Event(state.seq + 1, "decide", choice.id, option, choice.role, confidence=sure)
        state, draws = engine.settle(scenario, engine.apply(scenario, state, event))
        log += [event, *draws]
    if reader.number:
        raise StoreError("This code is damaged. Copy it again.")
    return tuple(log), state


# --- signs ------------------------------------------------------------------------------------


def _signs(number: int, least: int = 1) -> list[int]:
    """Return a number in base 31, the highest place first."""
    signs: list[int] = []
    while number or len(signs) < least:
        number, sign = divmod(number, BASE)
        signs.insert(0, sign)
    return signs


def _bound(signs: Sequence[int], scenario: Scenario) -> list[int]:
    """Return the signs that bind a code to one scenario in one version."""
    digest = hashlib.sha256(f"{scenario.fingerprint}:{[*signs]}".encode()).digest()
    return _signs(int.from_bytes(digest[:8], "big") % BASE**BOUND, BOUND)


def _sums(signs: Sequence[int]) -> tuple[int, int]:
    """Return the plain and the weighted sum; in a code without a slip both are 0."""
    weighted = sum(place * sign for place, sign in enumerate(reversed(signs)))
    return sum(signs) % BASE, weighted % BASE


def _sealed(signs: Sequence[int], scenario: Scenario) -> str:
    """Return the text of a code, with the signs that guard it."""
    bound = [*signs, *_bound(signs, scenario)]
    plain, weighted = _sums([*bound, 0, 0])
    every = [*bound, -weighted % BASE, (weighted - plain) % BASE]
    letters = "".join(ALPHABET[sign] for sign in every)
    return "-".join(letters[n : n + GROUP] for n in range(0, len(letters), GROUP))


def _opened(text: str, scenario: Scenario) -> int:
    """Return the number in a code, once nothing speaks against it."""
    if len(text) > LONGEST:
        raise StoreError(f"A code is short; this has {len(text):,} characters. Is it a file?")
    letters = [
        char
        for char in unicodedata.normalize("NFKC", text).upper()
        if not char.isspace() and unicodedata.category(char) not in ("Pd", "Cf", "Cc")
    ]
    if not letters:
        raise StoreError("Type or paste a code first.")
    if strange := [char for char in dict.fromkeys(letters) if char not in ALPHABET]:
        raise StoreError(
            f"“{strange[0]}” is in no code: codes have the digits 2 to 9 and the letters A to Z "
            "without I, L and O. Compare it with the code you were given."
        )
    signs = [ALPHABET.index(char) for char in letters]
    body = signs[: -BOUND - CHECKS]
    if not body or _sums(signs) != (0, 0) or (len(body) > 1 and body[0] == 0):
        raise StoreError(
            "A letter of this code is wrong, missing or too many. "
            "Compare it with the code you were given."
        )
    if _bound(body, scenario) != signs[-BOUND - CHECKS : -CHECKS]:
        raise StoreError(
            "This code is of another exercise or of another version of it; here is "
            f"'{scenario.id}' {scenario.version}."
        )
    number = 0
    for sign in body:
        number = number * BASE + sign
    return number
