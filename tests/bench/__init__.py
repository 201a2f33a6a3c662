"""Measures how quick the gateway is, as ratios to something simple on the same machine in the same run: `make bench`.

Not collected by pytest, because measurements need a quiet machine and a few minutes.
"""
