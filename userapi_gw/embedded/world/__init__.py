"""The world a new database starts with: what the samples of the UserAPI documentation show, and filler around it."""
