"""Run every notebook and store its results, so that the same notebook gives the same file.

``python tests/tools/execute_notebooks.py [NOTEBOOK …]``; without a name, all of ``notebooks/``.
A notebook is written only when all its cells ran.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

ROOT = Path(__file__).resolve().parents[2]
SECONDS_PER_CELL = 60
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
KEPT_CELL_METADATA = {"jupyter", "slideshow", "tags"}
METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}


def normalize(notebook: nbformat.NotebookNode) -> None:
    """Remove what differs from run to run or machine to machine: versions, timings, widgets."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        kept = {key: cell.metadata[key] for key in sorted(KEPT_CELL_METADATA & set(cell.metadata))}
        cell.metadata = nbformat.from_dict(kept)
        for output in cell.get("outputs", []):
            # A view without its model shows as an error; without the view, the text is shown.
            output.get("data", {}).pop(WIDGET_VIEW, None)


def execute(path: Path) -> None:
    """Run one notebook among empty user folders, and write it back."""
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory(prefix="kit-notebooks-") as folder:
        os.environ["KIT_CAPSULES"] = str(Path(folder) / "capsules")
        os.environ["IPYTHONDIR"] = str(Path(folder) / "ipython")
        NotebookClient(
            notebook,
            timeout=SECONDS_PER_CELL,
            kernel_name="python3",
            resources={"metadata": {"path": str(path.parent)}},
            coalesce_streams=True,
            record_timing=False,
            store_widget_state=False,
        ).execute()
    normalize(notebook)
    nbformat.validate(notebook)
    nbformat.write(notebook, path)


def main(names: list[str]) -> int:
    """Run the named notebooks; return 1 when one of them failed."""
    paths = [Path(name).resolve() for name in names] or sorted(
        (ROOT / "notebooks").rglob("*.ipynb")
    )
    os.environ.pop("KIT_DATA", None)
    failed = 0
    for path in paths:
        if ".ipynb_checkpoints" in path.parts:
            continue
        try:
            execute(path)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            print(f"FAILED {path.name}\n{error}", file=sys.stderr)
            failed += 1
        else:
            print(f"ran {path.name}")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
