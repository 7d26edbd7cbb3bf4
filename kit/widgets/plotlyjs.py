"""The JavaScript of the kit's widgets, and one copy of plotly.js for each kernel.

plotly.js is 4.8 MB. A ``FigureWidget`` sends it once per chart; here it travels once per kernel,
compressed to about a third, in the state of a hidden model that every chart refers to. It has to
be in the model's first message: the kernel may be busy with further cells when the browser needs
it, and Jupyter Server limits the rate of later messages.
"""

from __future__ import annotations

import gzip
import re
from functools import cache
from importlib.resources import as_file, files
from pkgutil import get_data
from typing import ClassVar

import ipywidgets
import traitlets

from kit.files import read_text
from kit.widgets.panel import Panel

LEVEL = 4  # measured: 1.53 MB in 0.1 s; level 9 saves 4 percent more and takes twice as long


def esm(*names: str) -> str:
    """Return one JavaScript module made of files of ``kit/widgets/js``, joined in order.

    Parameters
    ----------
    names
        File names without ``.js``, for example ``"plot", "plotview"``; the last one holds the
        module's ``export default``.
    """
    return "\n".join(_asset(f"{name}.js") for name in names)


def css(*names: str) -> str:
    """Return style sheets of ``kit/widgets/js``, joined in order; names without ``.css``."""
    return "\n".join(_asset(f"{name}.css") for name in names)


def _asset(name: str) -> str:
    with as_file(files("kit.widgets") / "js" / name) as path:
        return read_text(path)


@cache
def _compressed() -> tuple[bytes, str]:
    """Return plotly.js compressed with gzip, and its version.

    It is a file of the plotly package, the one that ``plotly.offline.get_plotlyjs`` returns.

    Raises
    ------
    RuntimeError
        The installed plotly holds no such file.
    """
    code = get_data("plotly", "package_data/plotly.min.js") or b""
    version = re.search(rb"plotly\.js v([\w.]+)", code[:500])
    if version is None:
        raise RuntimeError("The installed plotly has no plotly.js; install plotly 7 again.")
    return gzip.compress(code, LEVEL, mtime=0), version[1].decode()


class PlotlyJs(ipywidgets.Widget):  # type: ignore[misc]
    """The hidden model that carries plotly.js; get it with :meth:`shared`."""

    code = traitlets.Bytes().tag(sync=True)
    version = traitlets.Unicode().tag(sync=True)

    _shared: ClassVar[PlotlyJs | None] = None

    @classmethod
    def shared(cls) -> PlotlyJs:
        """Return this kernel's model; a new one only if there is none or it was closed."""
        if cls._shared is None or cls._shared.comm is None:
            code, version = _compressed()
            cls._shared = cls(code=code, version=version)
        return cls._shared


class PlotlyWidget(Panel):
    """A panel that draws with plotly.js.

    Subclasses set ``_esm`` to :func:`esm` with ``plot`` first and ``_css`` to :func:`css`.
    """

    plotly = traitlets.Instance(PlotlyJs).tag(sync=True, **ipywidgets.widget_serialization)

    @traitlets.default("plotly")
    def _default_plotly(self) -> PlotlyJs:
        return PlotlyJs.shared()
