"""Tests of what neither shore keeps."""
