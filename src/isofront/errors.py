"""Every error raised on purpose, and the exit code the command line gives it.

    IsofrontError            1  failed
    ├── UsageError           2  wrong use: an option or name that does not exist
    ├── BadInputError        3  bad input with nothing usable in it
    │   └── TheatreError     3  the theatre file is wrong (says the line)
    ├── IntegrityError       4  the ledger does not verify
    └── Interrupted        130  stopped by the user, with nothing half written

A message says where, what was read and what was wanted, in one line.
"""

from __future__ import annotations


class IsofrontError(Exception):
    """Something was wrong that a person can put right."""

    exit_code = 1


class UsageError(IsofrontError):
    """The command was called in a way that cannot work."""

    exit_code = 2


class BadInputError(IsofrontError):
    """A file held nothing that could be used."""

    exit_code = 3


class TheatreError(BadInputError):
    """The theatre file is wrong."""


class IntegrityError(IsofrontError):
    """The ledger does not verify."""

    exit_code = 4


class Interrupted(IsofrontError):  # noqa: N818 - it is no fault
    """Stopped on request; whatever was acknowledged is safe."""

    exit_code = 130
