from __future__ import annotations

import pytest

from isofront import worlds


@pytest.fixture(scope="session")
def story() -> worlds.Scenario:
    """The embedded scenario with its own seed."""
    return worlds.pokrovsk()


@pytest.fixture(scope="session")
def likereal() -> worlds.Scenario:
    """A like-real world with plenty of items."""
    return worlds.invented("likereal", seed=13, n_days=60, per_day_100km=35)
