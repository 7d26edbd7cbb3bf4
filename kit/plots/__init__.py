"""Figures as plain values: each view returns a :class:`Picture`, drawn by any front end."""
