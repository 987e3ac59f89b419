"""Memories of other people, measured under the same budget; each file is an adapter to one."""
