"""``python -m scanner`` is the command ``tanaoroshi``."""

from scanner.cli import main

if __name__ == "__main__":
    main(prog_name="tanaoroshi")
