"""The warning model as a panel: predict first, then move the flight and see who knows what when.

The panel holds what is chosen and nothing else: the browser sends a setting, Python answers with
the charts that it changes. Moving along a flight changes positions only (``moment``), and the
coast is sent once. The browser side is ``js/warning.js``.
"""

from __future__ import annotations

import textwrap
from typing import Any, ClassVar

import traitlets

from kit import tables, warning
from kit.errors import DecisionError, WarningModelError
from kit.plots import map as maps
from kit.plots import (
    record,
    warning_alerts,
    warning_check,
    warning_cities,
    warning_map,
    warning_time,
)
from kit.plots.picture import Picture
from kit.plots.warning import clock
from kit.warning import Study
from kit.widgets import warning_choices as choices
from kit.widgets.panel import Handler, Message, text
from kit.widgets.plotlyjs import PlotlyWidget, css, esm
from kit.widgets.warning_choices import Chosen
from kit.widgets.warning_predict import Prediction

Json = dict[str, Any]
TITLE = "Why share? A model of missile warning"
ASKS = ("flight", "cities")  # the views that would answer the questions


class WarningPanel(PlotlyWidget):
    """One flight with everything the model says of it. Make one with :func:`explore_warning`.

    Parameters
    ----------
    chosen
        What to show at first.
    save
        Whether to keep predictions in a file.
    """

    _esm: ClassVar[str] = esm("plot", "parts", "warning")
    _css: ClassVar[str] = css("kit", "exercise", "record", "warning")

    controls = traitlets.Dict().tag(sync=True)
    base: traitlets.List[Any] = traitlets.List().tag(sync=True)
    chosen = traitlets.Dict().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)
    charts = traitlets.Dict().tag(sync=True)
    moment = traitlets.Dict().tag(sync=True)
    answered = traitlets.Unicode().tag(sync=True)

    def __init__(self, chosen: Chosen, *, save: bool = True) -> None:
        self._study = chosen.study()
        self._now = chosen.within(self._study)
        self._reach = warning_map.Reach.of(self._study)
        self._prediction = Prediction(self._study, save=save)
        super().__init__(controls=choices.controls(), base=maps.base_traces())
        self._show()

    @property
    def study(self) -> Study:
        """Return everything the model says of the flight that is shown."""
        return self._study

    def about(self) -> str:
        """Return which view of which flight running the cell shows."""
        what = choices.VIEWS[self._now.view]
        return f"“{what}” ({self._study.launch.name})"

    def handlers(self) -> dict[str, Handler]:
        """Return what to do for each kind of message."""
        return {
            "choose": self._on_choose,
            "predict": self._on_predict,
            "skip": lambda _message: self.skip(),
        }

    def choose(self, **given: Any) -> None:
        """Change settings, for example ``choose(policy="hub", time_s=90)``.

        Parameters
        ----------
        **given
            ``flight`` (id of the table flights), ``view`` (flight, cities, sure, alerts, check),
            ``policy``, ``time_s``, ``whole``, ``city``, ``pad``, ``range_km``, ``apogee_km``,
            ``azimuth_deg``, ``real_time_s``, ``hub_s``, ``ellipse_km``, ``refraction``.

        Raises
        ------
        DecisionError, WarningModelError
            A setting does not exist or is not possible; nothing is changed.
        """
        before = self._now
        after = choices.chosen(before, **given)
        same = {"time_s", "view", "policy", "whole", "city"}
        if any(getattr(before, name) != getattr(after, name)
               for name in choices.KINDS if name not in same):  # fmt: skip
            study = after.study()
            if before.refraction != after.refraction:
                self._reach = warning_map.Reach.of(study)
            self._study = study
        self._now = after = after.within(self._study)
        if before != after and {**_dict(before), "time_s": 0} == {**_dict(after), "time_s": 0}:
            self._move()
        else:
            self._show()

    def predict(self, who: str, seconds: str) -> str:
        """Answer the questions and return the feedback.

        Parameters
        ----------
        who
            ``KOR``, ``JPN`` or ``USA``.
        seconds
            ``none``, ``seconds``, ``half-minute``, ``minutes`` or ``more``.

        Raises
        ------
        DecisionError
            An answer is missing or not among the options.
        """
        self._prediction.answer(who, seconds)
        self._show()
        return "\n".join(self._prediction.feedback())

    def skip(self) -> None:
        """Look without predicting."""
        self._prediction.skip()
        self._show()

    def text(self) -> str:
        """Return what the view shows as plain text: doubts, sentences and tables."""
        parts = [textwrap.fill(self._study.notice, 88)]
        if self._now.view not in ("alerts", "check"):
            parts.append(self._headline())
            parts += [textwrap.fill(f"Note: {banner}", 88) for banner in self._study.banners]
        pictures = [record.picture_text(picture) for picture in self._pictures().values()]
        return "\n".join([*parts, "", "\n".join(pictures)])

    def _headline(self) -> str:
        launch, now = self._study.launch, self._now
        return (
            f"{launch.name}: {launch.range_km:,.0f} km far, {launch.apogee_km:,.0f} km high, "
            f"{launch.shape}; {clock(self._study.path.flight_time_s)} in the air; "
            f"{warning.POLICIES[now.policy]}."
        )

    def _pictures(self) -> dict[str, Picture]:
        """Return the pictures of the view that is chosen, by name."""
        now, study = self._now, self._study
        match now.view:
            case "flight":
                return {
                    "map": warning_map.flight_map(
                        study, self._reach, now.time_s, now.policy, now.whole
                    ),
                    "time": warning_time.over_time(study, now.policy, now.time_s, now.whole),
                }
            case "cities":
                return {"cities": warning_cities.cities(study)}
            case "sure":
                return {"sure": self._trade()}
            case "alerts":
                return {"alerts": warning_alerts.alerts(tables.records("alerts"))}
            case _:
                return {"check": warning_check.check()}

    def _trade(self) -> Picture:
        now = self._now
        name = warning.cities().names[warning.cities().at(now.city)]
        found = warning.trade(
            now.launch, now.city, now.policy, [float(km) for km in choices.THRESHOLDS],
            sight=now.sight, delays=now.delays, civil=now.civil,
        )  # fmt: skip
        return warning_cities.trade(found, name, now.policy)

    def _show(self) -> None:
        """Show everything; the browser gets all of it in one message."""
        try:
            pictures = self._pictures()
        except WarningModelError as cause:
            pictures = {}
            self.error = str(cause)
        with self.hold_sync():
            self.charts = {name: _chart(picture) for name, picture in pictures.items()}
            self.chosen = _dict(self._now)
            self.view = self._view()
            self.moment = {}

    def _move(self) -> None:
        """Show another moment of the same flight: positions, and what is known then."""
        now, study = self._now, self._study
        patch = warning_map.moment(study, self._reach, now.time_s, now.policy)
        rows = warning_map.rows(study, now.time_s, now.policy)
        with self.hold_sync():
            self.chosen = _dict(now)
            self.moment = {
                "traces": list(patch["traces"].values()),
                "minute": now.time_s / 60,
                "summary": warning_map.summary(study, now.time_s, now.policy),
                "rows": [list(row) for row in rows],
            }

    def _view(self) -> Json:
        """Return what stands around the charts."""
        study = self._study
        asks = self._now.view in ASKS
        return {
            "title": TITLE,
            "notice": study.notice,
            "headline": self._headline(),
            "doubts": [b for b in study.banners if b not in study.launch.assumptions],
            "notes": list(study.launch.assumptions),
            "predicted": not asks or self._prediction.given is not None,
            "questions": self._prediction.questions(),
            "feedback": list(self._prediction.feedback()) if asks else [],
            "kept": self._prediction.notice,
            "end_s": round(study.path.flight_time_s),
        }

    def _on_choose(self, message: Message) -> None:
        given, token = message.get("chosen"), text(message, "token")
        try:
            if not isinstance(given, dict):
                raise DecisionError("'chosen' must be settings.")
            self.choose(**given)
        finally:
            self.answered = token

    def _on_predict(self, message: Message) -> None:
        self.predict(text(message, "who"), text(message, "seconds"))


def _dict(chosen: Chosen) -> Json:
    return {name: getattr(chosen, name) for name in choices.KINDS}


def _chart(picture: Picture) -> Json:
    return {"figure": picture.figure, "summary": picture.summary, "title": picture.title,
            "table": picture.table, "clickable": False}  # fmt: skip


def explore_warning(
    flight: str = choices.FIRST[0], view: str = "flight", *, save: bool = True, **given: Any
) -> WarningPanel:
    """Return a flight as three countries see it: on a map, over time, and in seconds for cities.

    A model of warning from public figures; it holds no equipment performance data.

    Parameters
    ----------
    flight
        Id of the table flights: ``F075`` is 12 July 2023, ``F055`` 4 October 2022, ``F020``
        25 July 2019.
    view
        ``flight``, ``cities``, ``sure``, ``alerts`` or ``check``.
    save
        Whether to keep predictions in a file beside the saved plays.
    **given
        Further settings; see :meth:`WarningPanel.choose`.

    Raises
    ------
    DecisionError, WarningModelError
        There is no such flight or setting, or the model cannot compute it.
    """
    return WarningPanel(choices.opening(flight=flight, view=view, **given), save=save)
