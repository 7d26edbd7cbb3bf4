"""A reading of the article: commit a mark, then see the verdict; saved after every commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit import files, store
from kit.claims.marks import (
    FILE,
    Entry,
    ReadingProblems,
    Saved,
    State,
    apply,
    clean,
    clean_draft,
    parse,
    replay,
    to_text,
)
from kit.claims.record import Claim, claims, find, on_path
from kit.claims.score import Answer, Score
from kit.claims.words import claim_words, debrief_words, evidence_words, reveal_words
from kit.errors import DecisionError, StoreError


class Trial:
    """The marks of one learner on the claims of the article.

    Parameters
    ----------
    path
        ``short``, ``full``, or empty for the one that was saved (``short`` at first).
    file
        Where to keep the log; ``None`` keeps it in memory only. A file that holds something else
        is refused with a :attr:`warning` and set aside when the next mark is saved, never deleted.

    Raises
    ------
    DecisionError
        There is no such path.
    """

    def __init__(self, path: str = "", file: Path | None = None) -> None:
        self.claims: dict[str, Claim] = claims()
        self.file = file
        self.warning = ""
        self._written: str | None = None
        self._saved = Saved()
        self.state = State()
        if path:
            on_path(self.claims, path)
        try:
            self._take_over()
        except StoreError as cause:
            self.warning = str(cause)
        if path and path != self._saved.path:
            self._saved = Saved(self.log, path, self.drafts)

    # --- reading -------------------------------------------------------------------------

    @property
    def log(self) -> tuple[Entry, ...]:
        """Return every mark and withdrawal, oldest first."""
        return self._saved.log

    @property
    def path(self) -> str:
        """Return the path chosen: ``short`` or ``full``."""
        return self._saved.path

    @property
    def drafts(self) -> Mapping[str, Mapping[str, Any]]:
        """Return what was typed but not committed, by claim."""
        return self._saved.drafts

    @property
    def wanted(self) -> tuple[str, ...]:
        """Return the ids of the claims of the path."""
        return on_path(self.claims, self.path)

    @property
    def left(self) -> tuple[str, ...]:
        """Return the claims of the path that have no mark yet."""
        return tuple(name for name in self.wanted if name not in self.state.standing)

    def claim(self, claim: str | int) -> str:
        """Return a claim as text, with what may be opened before marking it."""
        wanted = find(self.claims, claim)
        return claim_words(wanted, self.state.standing.get(wanted.id))

    def evidence(self, claim: str | int) -> str:
        """Return the events and agreements that bear on a claim, and its sources, as text."""
        return evidence_words(find(self.claims, claim))

    def reveal(self, claim: str | int) -> str:
        """Return your mark beside the verdict and finding, as text.

        Raises
        ------
        DecisionError
            You have not committed a mark on this claim: commit first, then see.
        """
        wanted = find(self.claims, claim)
        if wanted.id not in self.state.first:
            raise DecisionError(
                f"{wanted.id} has no mark yet. Commit first, for example "
                f"mark('{wanted.id}', 'confirmed', sure=70); then the verdict opens."
            )
        return reveal_words(wanted, self.state.standing.get(wanted.id))

    def score(self) -> Score:
        """Return accuracy and calibration of the marks that count; print it to read it."""
        first, standing = self.state.first, self.state.standing
        counted = [e for name, e in first.items() if standing.get(name) is e]
        taken_back = [e for name, e in first.items() if standing.get(name) is not e]
        second = sum(standing[name] is not first[name] for name in standing)
        return Score(self._answers(counted), self._answers(taken_back), second)

    def debrief(self) -> str:
        """Return your marks beside all verdicts of the path, once none is left to mark."""
        if self.left:
            return f"This opens when every claim of your path is marked; {len(self.left)} to go."
        return debrief_words((self.claims[name] for name in self.wanted), self.state.standing)

    def __repr__(self) -> str:
        """Return one line that is the same whenever the same marks stand."""
        done, all_done = len(self.wanted) - len(self.left), len(self.state.standing)
        said = f"The article on trial: {done} of {len(self.wanted)} claims of the {self.path} path"
        return f"{said} marked{f', {all_done} in all' if all_done > done else ''}"

    # --- changing ------------------------------------------------------------------------

    def mark(self, claim: str | int, verdict: str, *, sure: int, note: str = "") -> str:
        """Commit a mark, save it, and return the verdict with its finding.

        Parameters
        ----------
        claim
            Id or number of the claim.
        verdict
            ``confirmed``, ``confirmed-with-nuance``, ``inaccurate`` or ``cannot-verify``.
        sure
            The probability, in percent, that this is the record's verdict too.
        note
            Your reason, if you like.

        Raises
        ------
        DecisionError
            The mark is not possible; the log is unchanged and the message says what is.
        """
        self._catch_up()
        name = find(self.claims, claim).id
        self._record(Entry(self.state.seq + 1, "mark", name, verdict, sure, clean(note),
                           _now()))  # fmt: skip
        return "\n".join(filter(None, (self.warning, self.reveal(name))))

    def withdraw(self, claim: str | int, note: str = "") -> None:
        """Take back the mark on a claim; the mark and its withdrawal both stay in the log.

        The score then leaves the claim out and says so: its verdict has been seen.

        Raises
        ------
        DecisionError
            There is no mark on this claim.
        """
        self._catch_up()
        name = find(self.claims, claim).id
        self._record(Entry(self.state.seq + 1, "withdraw", name, note=clean(note), at=_now()))

    def take(self, path: str) -> None:
        """Choose the ``short`` or the ``full`` path; marks already made stay."""
        on_path(self.claims, path)
        self._catch_up()
        self._saved = Saved(self.log, path, self.drafts)
        self._save()

    def keep_draft(self, claim: str | int, draft: object) -> None:
        """Keep what was typed for a claim but not committed, in the file too."""
        name = find(self.claims, claim).id
        kept = clean_draft(draft)
        self._catch_up()
        if name in self.state.standing:
            return  # typed before the commit, delivered after it
        drafts = {key: value for key, value in self.drafts.items() if key != name}
        self._saved = Saved(self.log, self.path, drafts | ({name: kept} if kept else {}))
        self._save()

    def text(self) -> str:
        """Return the file's text: what to download where a disk is not kept."""
        return to_text(self._saved)

    # --- inside --------------------------------------------------------------------------

    def _answers(self, entries: Iterable[Entry]) -> tuple[Answer, ...]:
        return tuple(
            Answer(e.claim, e.verdict, (e.sure or 0) / 100, self.claims[e.claim].verdict)
            for e in entries
        )

    def _record(self, entry: Entry) -> None:
        self.state = apply(self.state, entry, self.claims)
        drafts = {key: value for key, value in self.drafts.items() if key != entry.claim}
        self._saved = Saved((*self.log, entry), self.path, drafts)
        self._save()

    def _take_over(self) -> None:
        """Continue the log in the file if it goes on from ours, as another window's does."""
        if self.file is None or not self.file.exists():
            return
        text = files.read_text(self.file, ReadingProblems)
        if text == self._written:
            return
        saved = parse(text, self.claims, self.file.name)
        if saved.log[: len(self.log)] == self.log:
            self._saved, self._written = saved, text
            self.state = replay(saved.log, self.claims)

    def _catch_up(self) -> None:
        """Look for marks of another window; what is no reading is set aside on saving."""
        try:
            self._take_over()
        except StoreError as cause:
            self.warning = str(cause)

    def _save(self) -> None:
        """Write the file; a failure becomes a warning, because the reading must go on."""
        if self.file is None:
            return
        self.warning = ""
        content = self.text()
        try:
            if aside := store.protect(self.file, self._written):
                self.warning = f"Something else was saved here; it is kept as {aside.name}."
            files.write_atomic(self.file, content)
            self._written = content
        except StoreError as cause:
            self.warning = f"Your marks are not saved. {cause}"
        except OSError as cause:
            reason = cause.strerror or str(cause)
            self.warning = (
                f"Your marks are not saved: {self.file.name} cannot be written ({reason})."
            )


def trial(path: str = "", *, save: bool = True) -> Trial:
    """Return your reading of the article, where you left it; the way to do it without widgets.

    Parameters
    ----------
    path
        ``short`` (eight claims), ``full`` (all), or empty to go on with the one you chose.
    save
        Whether to keep the marks in a file.

    Raises
    ------
    DecisionError, DataError
        There is no such path, or a table has problems.
    """
    return Trial(path, store.folder() / FILE if save else None)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
