"""Reports and an anchor in, a posterior out: who holds each cell, with what doubt, and which reports say so.

`Model` fits windows of time one after the other (`window`), each by variational inference (`infer`) with what reports
say (`weigh`) and how the line may move (`motion`). `Posterior` gives mean, samples and shares, `show` the `Field`.
"""

from isofront.control.explain import Reasons
from isofront.control.field import Field, GreyReason
from isofront.control.items import Batch, batch
from isofront.control.posterior import Anchored, Config, Model, Posterior
from isofront.control.showing import show

__all__ = ["Anchored", "Batch", "Config", "Field", "GreyReason", "Model", "Posterior", "Reasons", "batch", "show"]
