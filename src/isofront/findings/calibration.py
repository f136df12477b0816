"""How good an author's probability words were: Brier score and reliability, where outcomes are known.

    Brier = mean of (p − o)²,   p the middle of the word's span, o = 1 if it came, else 0;   0 is best.

Always saying the author's own rate ō would score ō(1 − ō). A row of the reliability table is a word: how often it was
said and how often it came, with Wilson's 90 % interval (docs/maths/claims.md). Outcomes that are unclear are counted
and not scored. Of fewer than ten the words are "too few to say".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from isofront.evidence.assessment import Came, Judged, Likelihood
from isofront.findings.track_record import FEW, wilson


@dataclass(frozen=True, slots=True)
class WordRecord:
    """One probability word of an author: how often it was said with a known outcome, and how often it came."""

    likelihood: Likelihood
    n: int
    came: int

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 90 % interval of how often it comes."""
        return wilson(self.came, self.n)

    @property
    def few(self) -> bool:
        """Whether they are too few to say."""
        return self.n < FEW


@dataclass(frozen=True, slots=True)
class AuthorRecord:
    """An author's record: counts, the Brier score (None without outcomes), and a row for each word used.

    `base` is what always saying the author's own rate would have scored; `overdue` are open past their day.
    """

    author: str
    scored: int
    unclear: int
    open: int
    overdue: int
    brier: float | None
    base: float | None
    words: tuple[WordRecord, ...]

    @property
    def few(self) -> bool:
        """Whether they are too few to say."""
        return self.scored < FEW


def author_records(judged: Iterable[Judged], *, today: date) -> list[AuthorRecord]:
    """A record for each author, those with most outcomes first."""
    by_author: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        by_author[one.assessment.author].append(one)
    found = [_record(author, some, today) for author, some in by_author.items()]
    return sorted(found, key=lambda one: (-one.scored, one.author))


def _record(author: str, some: Sequence[Judged], today: date) -> AuthorRecord:
    told = [
        (one.assessment.likelihood, one.outcome.came is Came.YES)
        for one in some
        if one.outcome is not None and one.outcome.came is not Came.UNCLEAR
    ]
    still = [one.assessment for one in some if one.outcome is None]
    overdue = sum(one.resolves_by is not None and one.resolves_by < today for one in still)
    unclear = len(some) - len(told) - len(still)
    return AuthorRecord(author, len(told), unclear, len(still), overdue, *_brier(told), _words(told))


def _brier(told: Sequence[tuple[Likelihood, bool]]) -> tuple[float | None, float | None]:
    if not told:
        return None, None
    rate = sum(came for _, came in told) / len(told)
    return sum((word.p - came) ** 2 for word, came in told) / len(told), rate * (1 - rate)


def _words(told: Sequence[tuple[Likelihood, bool]]) -> tuple[WordRecord, ...]:
    used = {word for word, _ in told}
    rows = (
        WordRecord(word, sum(w is word for w, _ in told), sum(w is word and c for w, c in told)) for word in Likelihood
    )
    return tuple(row for row in rows if row.likelihood in used)
