"""Which node is asked next. Loaded with the first request only: the client is an extra."""

from __future__ import annotations

import threading
from typing import Any

import opensearchpy
from opensearchpy.exceptions import ConnectionTimeout


class Transport(opensearchpy.Transport):
    """Leaves a node out for a while that did not answer in time, like one that is gone.

    The client goes on asking it, so that of three nodes with one that hangs, every third request
    would wait in vain. What waited is not asked again: it may be the request that takes so long.
    """

    _asked = threading.local()

    def get_connection(self) -> Any:
        """Return the connection to the node whose turn it is."""
        self._asked.connection = super().get_connection()
        return self._asked.connection

    def perform_request(self, *args: Any, **options: Any) -> Any:
        """Return the answer of a node, as the client does."""
        try:
            return super().perform_request(*args, **options)
        except ConnectionTimeout:
            self.mark_dead(self._asked.connection)
            raise
