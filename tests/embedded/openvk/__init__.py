"""Tests of the embedded server in the role of an OpenVK."""
