"""The kit in a terminal: data, exercises, outcomes, reports."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from kit.commands import audit, authoring, data, facilitate, outcomes, play
from kit.errors import KitError

FAMILIES = (play, facilitate, outcomes, audit, authoring, data)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 when all is well, 1 when the kit found something wrong."""
    parser = argparse.ArgumentParser(prog="python -m kit", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for family in FAMILIES:
        family.register(commands)
    options = parser.parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except KitError as problem:
        print(problem, file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


if __name__ == "__main__":
    sys.exit(main())
