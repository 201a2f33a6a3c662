"""Tests of the look at servers."""
