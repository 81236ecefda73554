"""Measurements, one command each, with peers in the same run. They print; they assert nothing."""
