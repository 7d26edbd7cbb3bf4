"""Predict first: two questions about a flight before its plots open, and what came of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kit.errors import DecisionError, suggestion
from kit.plots.warning import COUNTRIES, clock, listed
from kit.plots.warning_cities import gain
from kit.tasks.progress import Keeper, path_for
from kit.warning import Study

LOG = "warning-prediction"
GAINS = {
    "none": ("Nothing", -0.5, 0.5),
    "seconds": ("1 to 15 seconds", 0.5, 15.5),
    "half-minute": ("15 to 60 seconds", 15.5, 60.5),
    "minutes": ("1 to 5 minutes", 60.5, 300.5),
    "more": ("More than 5 minutes", 300.5, math.inf),
}
Json = dict[str, Any]


class Prediction:
    """What a learner expected of one flight, kept beside the saved plays.

    Parameters
    ----------
    study
        The flight that is asked about.
    save
        Whether to keep the answers in a file.
    """

    def __init__(self, study: Study, *, save: bool = True) -> None:
        self._keeper = Keeper(LOG, path_for(LOG) if save else None)
        self._study = study
        self.city = self._city()

    @property
    def notice(self) -> str:
        """What could not be kept, in a sentence; empty when all is well."""
        return self._keeper.notice

    @property
    def given(self) -> Mapping[str, str] | None:
        """Return the last answers about this flight; None when there are none yet."""
        every = [attempt["answer"] for attempt in self._keeper.now().attempts]
        mine = [a for a in every if isinstance(a, dict) and a.get("flight") == self._flight]
        return mine[-1] if mine else None

    def answer(self, who: str, seconds: str) -> None:
        """Keep answers.

        Raises
        ------
        DecisionError
            One of them is missing or not among the options.
        """
        for name, options in ((who, COUNTRIES), (seconds, GAINS)):
            if not name:
                raise DecisionError("Answer both questions, or look without predicting.")
            if name not in options:
                raise DecisionError(f"'{name}' is no answer. {suggestion(name, options)}")
        self._keep({"who": who, "seconds": seconds})

    def skip(self) -> None:
        """Keep that the learner looked without predicting."""
        self._keep({"skipped": "yes"})

    def questions(self) -> Json:
        """Return the questions with their options."""
        return {
            "about": self._study.launch.name,
            "who": {"text": "Whose own sensors report the missile first?",
                    "options": [[key, sign.name] for key, sign in COUNTRIES.items()]},
            "seconds": {
                "text": f"How much earlier can {self.city} be warned when the three countries "
                        "share in real time, instead of sharing nothing?",
                "options": [[key, label] for key, (label, _, _) in GAINS.items()],
            },
        }  # fmt: skip

    def feedback(self) -> tuple[str, ...]:
        """Return what the model says to each question, beside what was expected."""
        given = self.given
        if given is None:
            return ()
        first = self._study.first_known_s["nothing"]
        order = sorted(
            zip(first, COUNTRIES, strict=True), key=lambda pair: (not pair[0] >= 0, pair[0])
        )
        told = [f"{COUNTRIES[key].name} after {clock(time)}" for time, key in order if time >= 0]
        who = f"By their own sensors: {listed(told)}." if told else "Nobody sees it in time."
        seconds, hub = self._gain("real-time"), self._gain("hub")
        more = (
            f"{self.city} gains {clock(seconds)} in real time, and {clock(hub)} through the "
            f"American hub. Its warning with nothing shared: {clock(self._alone())}."
        )
        if "skipped" in given:
            return who, more
        label, low, high = GAINS[given["seconds"]]
        expected = COUNTRIES[given["who"]].name
        if given["who"] == order[0][1]:
            who = f"As you said. {who}"
        else:
            who = f"You said {expected}. {who} The lines of the second chart show why."
        if low <= seconds < high:
            more = f"As you said ({label.lower()}). {more}"
        else:
            side = "less" if seconds < low else "more"
            more = f"You said {label.lower()}; it is {side}. {more}"
        return who, more

    @property
    def _flight(self) -> str:
        return self._study.launch.flight_id or self._study.launch.name

    def _keep(self, answer: Mapping[str, str]) -> None:
        now = self._keeper.now()
        attempt = {"answer": {"flight": self._flight, **answer}, "right": None}
        self._keeper.keep(replace(now, attempts=(*now.attempts, attempt)))

    def _place(self) -> int:
        return self._study.cities_aimed.names.index(self.city)

    def _city(self) -> str:
        """Return the city asked about: Tokyo, or if out of reach the one that gains most."""
        found = self._study.cities_aimed
        seconds = gain(found, "real-time")
        names = dict(zip(found.ids, found.names, strict=True))
        tokyo = found.ids.index("tokyo") if "tokyo" in found.ids else 0
        if math.isfinite(seconds[tokyo]):
            return found.names[tokyo]
        within = [(value, key) for value, key in zip(seconds, found.ids, strict=True)
                  if math.isfinite(value)]  # fmt: skip
        return names[max(within)[1]] if within else found.names[tokyo]

    def _gain(self, policy: str) -> float:
        return float(gain(self._study.cities_aimed, policy)[self._place()])

    def _alone(self) -> float:
        return float(self._study.cities_aimed.warning_s["nothing"][self._place()])
