"""``python -m belbaar.cli`` is ``belbaar``."""

from belbaar.cli import main

if __name__ == "__main__":
    main()
