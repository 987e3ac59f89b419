"""What a run cost, and where it came from."""
