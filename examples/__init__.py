"""An invented file server and its policy, for the demo."""
