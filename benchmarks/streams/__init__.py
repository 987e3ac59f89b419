"""Streams in words of their own."""

STREAMS = {}
