from __future__ import annotations

import signal

from hypothesis import settings

# How long an example takes says what else the machine is doing; the limits that matter are ours.
settings.register_profile("samsok", deadline=None)
settings.load_profile("samsok")

# Who is started in the background ignores Ctrl-C, and so would every process that a test
# interrupts: what is ignored is inherited, a handler is not.
signal.signal(signal.SIGINT, signal.default_int_handler)
