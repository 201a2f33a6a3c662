"""One module for each format of captures: how it is known by its first bytes, how it is read, how it is written."""
