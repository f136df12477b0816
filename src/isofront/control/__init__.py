"""Reports and an anchor in, a posterior out: who holds each cell, with what doubt, and which reports say so.

`Model` fits windows of time one after the other (`window`), each by variational inference (`infer`) with what reports
say (`weigh`) and how the line may move (`motion`). `Posterior` gives mean, samples and shares, `show` the `Field`.
"""

from typing import TYPE_CHECKING

from isofront.rooms import given_by

if TYPE_CHECKING:
    from isofront.control.explain import Reasons
    from isofront.control.field import Field, GreyReason
    from isofront.control.items import Batch, batch
    from isofront.control.posterior import Anchored, Config, Model, Posterior
    from isofront.control.showing import show
else:
    __getattr__ = given_by(__name__)

__all__ = ["Anchored", "Batch", "Config", "Field", "GreyReason", "Model", "Posterior", "Reasons", "batch", "show"]
