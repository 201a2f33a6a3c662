"""A walk over every parameter the UserAPI documentation names, with right and wrong values."""
