"""A night over a large site of which little has changed."""
