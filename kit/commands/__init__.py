"""What ``python -m kit`` can do: each module adds its commands to the parser.

A module has ``register(commands)``, which adds sub-parsers and names the function that runs each:
it takes the parsed options and returns the exit code. Only these modules print.
"""
