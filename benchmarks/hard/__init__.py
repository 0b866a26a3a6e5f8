"""Hard names and addresses, written for this project; see README.md."""
