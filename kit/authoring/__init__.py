"""What authors of scenarios work with, each in a module of its own.

``scaffold`` starts a scenario, ``page`` explains the format, ``msel`` and ``fresh`` read and write
the injects as a ``sheet``, ``upgrade`` brings older files up to date, ``draft`` does what a
notebook needs. ``source`` holds a file as its author left it.
"""
