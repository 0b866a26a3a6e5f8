"""Other tools on the same text, in an environment of their own."""
