"""The old HTTP shore: dispatch of `/data`, login at `/auth`, and the bytes old programs compare."""
