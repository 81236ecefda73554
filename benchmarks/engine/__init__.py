"""The engine beside its peers: how fast, how good, how large, and what it bears."""
