"""`python -m indexer` is `samsok`."""

import sys

from indexer.cli import main

sys.exit(main())
