"""Who spoke before in a text: whom "he", "it", "they" and "the group" mean."""

from __future__ import annotations

import re
from dataclasses import dataclass

from isofront.reading.countries import countries_in
from isofront.reading.draft import Speaker
from isofront.reading.names import CAP
from isofront.reading.words import Words


@dataclass(frozen=True, slots=True)
class Heard:
    """Who spoke before: the last of all, and the last person. "He" means the person, "it" and "they" the last."""

    last: Speaker | None = None
    person: Speaker | None = None
    bodies: tuple[Speaker, ...] = ()

    def then(self, speaker: Speaker, words: Words) -> Heard:
        """After somebody spoke."""
        named = speaker.named_as == "group" or (
            speaker.named_as == "described" and re.search(r"(?<!\w)[A-Z]", speaker.name)
        )
        bodies = (*self.bodies, speaker) if named else self.bodies
        return Heard(speaker, speaker if _is_a_person(speaker, words) else self.person, bodies)

    def body(self, speaker: Speaker, words: Words) -> Speaker:
        """Which organisation heard before a noun alone means, by the noun in its name, else the last: "the group"."""
        noun = speaker.name.casefold()
        again = words.optional("speech", "named_again")
        if again is None or not again.fullmatch(noun):
            return speaker
        any_body = noun in words.tables["speech"].get("any_body", ())
        named = (one for one in reversed(self.bodies) if any_body or noun in one.name.casefold().split())
        return next(named, speaker)


def _is_a_person(speaker: Speaker, words: Words) -> bool:
    """Whether "he" can be a speaker: no ministry or project, and of groups only one word that may be a surname."""
    if speaker.named_as == "described":
        nouns = [one.group() for one in words.part("speech", "describers").finditer(speaker.name)]
        return not nouns or not all(words.part("speech", "bodies").fullmatch(one) for one in nouns)
    if speaker.named_as != "group":
        return True
    name, organs = speaker.name, words.part("speech", "organs")
    body = organs.fullmatch(name) or words.part("places", "areas").fullmatch(name) or name in words.stop
    named = bool(re.fullmatch(CAP, name)) and name[1:].lower() == name[1:]
    return named and not body and not countries_in(name, words)
