"""From a spot's depth to its probability, and the fewest reports without which it would lie past the even-odds line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from isofront.control.link import Link, p_inside, sloped

EVEN = 0.5


@dataclass(frozen=True, slots=True)
class Chance:
    """What gives a spot P(inside side 1's ground): prior, latent and spread (km), and P(the line still stands).

    The prior is the anchor's depth, made a distance again together with the latent each time a window closed.
    """

    link: Link
    prior_km: float
    latent_km: float
    spread_km: float
    stands: float

    def p(self, latent_km: float) -> float:
        """The probability if the latent were this, spread and activity as they are.

        The nearer to the prior, the likelier that the line stands (the Savage-Dickey ratio of `Posterior.stands`).
        """
        left = max(self.spread_km**2, 1e-6)
        nearer = (self.latent_km - self.prior_km) ** 2 - (latent_km - self.prior_km) ** 2
        odds = self.stands * np.exp(np.clip(0.5 * nearer / left, -50, 50))
        stands = float(odds / (odds + 1 - self.stands)) if self.stands < 1 else 1.0
        old = p_inside(np.array([self.prior_km]), np.zeros(1), self.link, blur_km=self.link.stand_blur_km)
        new = p_inside(np.array([latent_km]), np.array([self.spread_km**2]), self.link, blur_km=self.link.blur_km)
        return float(sloped(stands * old + (1 - stands) * new, self.link.slope)[0])

    def flip(self, pushes: Sequence[tuple[str, float]]) -> dict[str, Any] | None:
        """The fewest reports, largest share first, whose shares taken out put the spot past the even-odds line."""
        first, left, taken = self.p(self.latent_km) >= EVEN, self.latent_km, []
        for name, km in pushes:
            if (km > 0) != first:
                continue
            left -= km
            taken.append(name)
            p = self.p(left)
            if (p >= EVEN) != first:
                return {"without": taken, "latent_km": left, "p": round(p, 4)}
        return None

    def formula(self, side: str) -> str:
        """The link in words: how the probability follows from `kept` (the prior), latent, spread and `stands`."""
        link = self.link
        text = (
            f"control_{side}: P = stands F(kept, {link.stand_blur_km}) + (1 - stands) "
            f"F(latent, sqrt(spread² + {link.blur_km}²)), "
            f"F(x, s) = {link.least} + {1 - 2 * link.least:g} T({link.nu:g}; x / s)"
        )
        return text if link.slope == 1.0 else f"{text}; then its log-odds times {link.slope:g}, as learned"
