"""What the server answers under load."""
