"""`python -m annotate`: the command, where its script is not on the path."""

from annotate.cli import main

if __name__ == "__main__":
    main()
