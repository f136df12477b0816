"""`python -m isofront` is `isofront`."""

import sys

from isofront.cli import main

if __name__ == "__main__":
    sys.exit(main())
