"""`python -m handouts`."""

import sys

from handouts.cli import main

if __name__ == "__main__":  # workers import this module too
    sys.exit(main())
