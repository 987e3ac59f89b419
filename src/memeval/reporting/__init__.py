"""From finished cells to tables a person can read. Needs no model."""
