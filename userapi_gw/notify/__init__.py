"""What the gateway tells people outside of UserAPI: by a message of a community, by Devino, by e-mail."""
