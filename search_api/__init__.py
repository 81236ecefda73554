"""Ranked search over HTTP, as JSON and as pages."""
