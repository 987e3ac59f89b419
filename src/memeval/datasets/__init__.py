"""What a cell is measured on: sessions, where they come from, and whether they are sound."""
