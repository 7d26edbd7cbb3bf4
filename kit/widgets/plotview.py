"""A plot in a notebook: figure, one-sentence summary and table of its numbers, in one widget.

The widget holds no state of its own: it shows what it was given and reports clicks. The browser
side is ``js/plot.js`` and ``js/plotview.js``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import traitlets

from kit.widgets.panel import Handler, Message
from kit.widgets.plotlyjs import PlotlyWidget, css, esm

Json = Any
Click = Callable[[Any], object]


def plain(value: object) -> Json:
    """Return a value as JSON knows it: dicts, lists, text, numbers, booleans and None.

    Dates become ISO text, arrays and tuples lists; NaN, infinities and missing values None.

    Raises
    ------
    TypeError
        The value, or something inside it, has no such form.
    """
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if hasattr(value, "tolist"):  # numpy arrays and scalars, pandas series and indexes
        return plain(value.tolist())
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes):
        return [plain(item) for item in value]
    if _missing(value):
        return None
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"A plot cannot show a {type(value).__name__}; use text, numbers or dates.")


def _missing(value: object) -> bool:
    """Tell whether a value is NaN, NaT or pandas' NA; those are unlike themselves."""
    try:
        return bool(value != value)
    except TypeError:  # NA refuses to be true or false
        return True


def figure_dict(figure: object) -> dict[str, Any]:
    """Return a figure as a dict with ``data`` (list of traces) and ``layout``.

    Parameters
    ----------
    figure
        A plotly figure, a dict of that form, or None for an empty figure.

    Raises
    ------
    TypeError
        It is neither.
    """
    if figure is None:
        return {"data": [], "layout": {}}
    if hasattr(figure, "to_plotly_json"):
        figure = figure.to_plotly_json()
    if not isinstance(figure, Mapping) or not {"data", "layout"} & figure.keys():
        raise TypeError("A figure is a plotly Figure or a dict with 'data' and 'layout'.")
    result = plain(figure)
    return {**result, "data": result.get("data", []), "layout": result.get("layout", {})}


def table_dict(table: object) -> dict[str, Any]:
    """Return a table as a dict of ``columns``, ``rows`` and ``keys``.

    Parameters
    ----------
    table
        A dict with ``columns`` (names), ``rows`` (lists of cells) and, if rows can be opened,
        ``keys`` (one per row: the customdata of the row's point, or None); None for no table.

    Raises
    ------
    TypeError
        It has another form.
    ValueError
        A row does not have one cell per column, or there is not one key per row.
    """
    if table is None:
        return {"columns": [], "rows": [], "keys": []}
    if not isinstance(table, Mapping) or not {"columns", "rows"} <= table.keys():
        raise TypeError("A table is a dict with 'columns' and 'rows'.")
    columns = [str(name) for name in table["columns"]]
    rows, keys = plain(table["rows"]), plain(table.get("keys") or [])
    for number, row in enumerate(rows, start=1):
        if len(row) != len(columns):
            raise ValueError(f"Row {number} has {len(row)} cells for {len(columns)} columns.")
    if keys and len(keys) != len(rows):
        raise ValueError(f"The table has {len(keys)} keys for {len(rows)} rows.")
    return {"columns": columns, "rows": rows, "keys": keys}


class _Figure(traitlets.TraitType[dict[str, Any], Any]):
    def validate(self, _obj: object, value: object) -> dict[str, Any]:
        return figure_dict(value)


class _Table(traitlets.TraitType[dict[str, Any], Any]):
    def validate(self, _obj: object, value: object) -> dict[str, Any]:
        return table_dict(value)


class PlotView(PlotlyWidget):
    """A plot with its summary and its table.

    Parameters
    ----------
    figure
        See :func:`figure_dict`. Colors and fonts follow the page's theme where the figure's layout
        does not set them.
    summary
        One sentence that says what the plot shows; it is also the plot's accessible name.
    table
        See :func:`table_dict`.
    title
        Heading above the plot, or empty.
    height
        Height of the drawing in pixels; 0 takes the figure's own height, or 380.
    """

    _esm: ClassVar[str] = esm("plot", "plotview")
    _css: ClassVar[str] = css("kit")

    at_once: ClassVar[bool] = False  # somebody's callback may show how far it is

    figure = _Figure({"data": [], "layout": {}}).tag(sync=True)
    summary = traitlets.Unicode().tag(sync=True)
    table = _Table({"columns": [], "rows": [], "keys": []}).tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    height = traitlets.Int(0, min=0).tag(sync=True)
    clickable = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        figure: object = None,
        summary: str = "",
        table: object = None,
        *,
        title: str = "",
        height: int = 0,
        **kwargs: object,
    ) -> None:
        self._callbacks: list[Click] = []
        super().__init__(
            figure=figure, summary=summary, table=table, title=title, height=height, **kwargs
        )

    def update(
        self, figure: object, summary: str, table: object = None, *, title: str | None = None
    ) -> None:
        """Show another figure with its summary and table; the browser gets all in one message.

        When a part is refused, with the error of its form, none of it is shown.
        """
        drawn, rows = figure_dict(figure), table_dict(table)
        with self.hold_sync():
            self.summary = summary
            self.figure, self.table = drawn, rows
            if title is not None:
                self.title = title

    def on_click(self, callback: Click, *, remove: bool = False) -> None:
        """Call ``callback(customdata)`` when a point that has customdata is clicked.

        The rows of the table that have a key get a button that does the same from the keyboard.

        Parameters
        ----------
        callback
            Receives the customdata of the point, or the key of the row.
        remove
            Take the callback off again.
        """
        if remove:
            self._callbacks = [known for known in self._callbacks if known != callback]
        elif callback not in self._callbacks:
            self._callbacks.append(callback)
        self.clickable = bool(self._callbacks)

    def about(self) -> str:
        """Return the summary, else the title."""
        return self.summary or self.title or super().about()

    def handlers(self) -> dict[str, Handler]:
        """Return what to do with a click."""
        return {"click": self._on_click}

    def _on_click(self, message: Message) -> None:
        for callback in tuple(self._callbacks):
            callback(message.get("customdata"))
