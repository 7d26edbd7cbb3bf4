"""Widgets: the only part of the kit that talks to the browser."""
