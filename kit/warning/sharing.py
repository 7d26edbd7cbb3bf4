"""Who gets whose data, and how late: four ways to share.

A message is used at the time of the look, plus the sensor's own time, the time of national command
and control, what the way of sharing adds, and the time to take it in. Actual delays are not
public: every one is a parameter. Channels only add: under a freer policy the quicker of
all open ways counts, so sharing never delays what a country had before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from kit.errors import WarningModelError, suggestion
from kit.warning.checks import within
from kit.warning.earth import Array, Mask
from kit.warning.records import COUNTRIES

POLICIES = {
    "nothing": "nothing shared: own sensors only",
    "after": "after the event: partners' data once it is over",
    "hub": "through the American hub: American data at once, others on request",
    "real-time": "in real time: all data, continuously",
}
HUB = "USA"


@dataclass(frozen=True, slots=True)
class Delays:
    """Delays in seconds; all are assumptions, none is public.

    ``sensor_s`` from look to message, ``national_s`` in national command and control, ``ingest_s``
    to take it in. ``relay_s`` is added between the hub and an ally, ``hub_s`` and ``release_s``
    between two allies through the hub, ``real_time_s`` on a direct link. ``after_s`` counts from
    impact.

    Raises
    ------
    WarningModelError
        A delay is negative or no number.
    """

    sensor_s: float = 2.0
    national_s: float = 10.0
    ingest_s: float = 3.0
    relay_s: float = 15.0
    hub_s: float = 150.0
    release_s: float = 60.0
    real_time_s: float = 6.0
    after_s: float = 1800.0

    def __post_init__(self) -> None:
        for field in fields(self):
            why = "Data cannot arrive before they are measured."
            name = f"The delay {field.name}"
            within(name, getattr(self, field.name), 0, 86_400, "s", why)

    @property
    def own_s(self) -> float:
        """Return how late a country can use what its own sensors saw."""
        return self.sensor_s + self.national_s + self.ingest_s


def known_policy(policy: str) -> str:
    """Return a policy's id.

    Raises
    ------
    WarningModelError
        There is no such policy.
    """
    if policy not in POLICIES:
        raise WarningModelError(
            f"There is no way of sharing '{policy}'. {suggestion(str(policy), POLICIES)}"
        )
    return policy


def delay_s(policy: str, delays: Delays, countries: Sequence[str] = COUNTRIES) -> Array:
    """Return how late data reach each user during a flight, shape (owners, users).

    Infinite where they do not arrive before impact.

    Examples
    --------
    >>> delay_s("hub", Delays())
    array([[ 15., 225.,  30.],
           [225.,  15.,  30.],
           [ 30.,  30.,  15.]])
    """
    known_policy(policy)
    extra = np.full((len(countries), len(countries)), np.inf)
    if policy in ("hub", "real-time"):
        extra[:] = delays.hub_s + delays.release_s
        for place, country in enumerate(countries):
            if country == HUB:
                extra[place, :] = extra[:, place] = delays.relay_s
    if policy == "real-time":
        extra = np.minimum(extra, delays.real_time_s)
    np.fill_diagonal(extra, 0.0)
    return extra + delays.own_s


def known_after_s(policy: str, delays: Delays, impact_s: float) -> float:
    """Return when partners' data are known that were not shared during the flight."""
    return impact_s + delays.after_s if known_policy(policy) != "nothing" else np.inf


def later(flags: Mask, delay: float, step_s: float) -> Mask:
    """Return flags over time, shape (N,), as they are known after a delay."""
    found = np.zeros_like(flags)
    if np.isfinite(delay):
        steps = int(np.ceil(delay / step_s - 1e-9))
        if steps < len(flags):
            found[steps:] = flags[: len(flags) - steps]
    return found


def earliest(first_s: Array, delay: Array) -> Array:
    """Return when each user first has some owner's report: (owners,), (owners, users) → (users,).

    Infinite where never.
    """
    reported = np.where(np.isnan(first_s), np.inf, first_s)
    return np.asarray((reported[:, None] + delay).min(axis=0), dtype=float)
