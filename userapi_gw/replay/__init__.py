"""Exchanges of the old days and of today: read from captures, recorded, replayed."""
