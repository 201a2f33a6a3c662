"""Pure functions from modern objects to the positional arrays of UserAPI, and back."""
