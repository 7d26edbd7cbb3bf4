"""One play of one exercise: what it tells, what it forecasts, and how it changes."""

from __future__ import annotations

from kit.session.keeping import HOT_WASH
from kit.session.play import Session, View

__all__ = ["HOT_WASH", "Session", "View"]
