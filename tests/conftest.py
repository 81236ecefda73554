from __future__ import annotations

from hypothesis import settings

# How long an example takes says what else the machine is doing; the limits that matter are ours.
settings.register_profile("samsok", deadline=None)
settings.load_profile("samsok")
