"""Claims that another calls untrue, what analysts judge, parts of places, and what is over: agencies' English."""

from __future__ import annotations

from datetime import date

import pytest

from isofront.ground.naming import bearers
from isofront.ground.places import Places
from isofront.reading import Draft, What, read_text

LEAD = "Ukraine. Fighting near Pokrovsk, Myrnohrad, Siversk and Lyman goes on.\n\n"


@pytest.fixture(scope="module")
def places() -> Places:
    return Places.load()


def read(text: str, places: Places) -> list[Draft]:
    """The statements of control and the judgements of a text behind a lead that names its theatre."""
    drafts = read_text(LEAD + text, places=places, published=date(2026, 2, 3)).drafts
    return [one for one in drafts if one.what in (What.CONTROL, What.ASSESSMENT)]


def told(text: str, places: Places) -> set[str]:
    """Statements as "value place", without "by" where nobody speaks."""
    control = [one for one in read(text, places) if one.what is What.CONTROL and one.place]
    return {
        f"{one.value} {one.place.name if one.place else ''}" + (f" by {one.speaker.name}" if one.speaker else "")
        for one in control
    }


DENIED = [
    (
        "The ministry said Siversk had been captured. Ukraine's military rejected the claim the same day.",
        {"taken Siversk by ministry", "not_taken Siversk by Ukraine's military"},
    ),
    (
        "The General Staff boasts that it has closed the ring around Lyman, a claim that officials flatly reject.",
        {"encircled Lyman by General Staff", "not_encircled Lyman by officials"},
    ),
    ("Moscow said Siversk was taken, which Kyiv denied.", {"taken Siversk by Moscow", "not_taken Siversk by Kyiv"}),
    ("The ministry said Siversk had been captured. Kyiv denied the visa.", {"taken Siversk by ministry"}),
    ("Siversk has been captured. The mayor denied that he had fled.", {"taken Siversk"}),
    (
        "The observatory said troops had withdrawn from Siversk; the ministry said that report was false.",
        {"lost Siversk by observatory", "not_lost Siversk by ministry"},
    ),
    (
        "The ministry said Siversk had been captured. A spokesman called the claim “pure fiction”.",
        {"taken Siversk by ministry", "not_taken Siversk by spokesman"},
    ),
    ("Officers falsely reported that Siversk had been cleared.", set()),
    ("An official who asked not to be named conceded that men withdrew from Siversk.", {"lost Siversk by official"}),
]  # fmt: skip
FORMS = [
    ("Siversk is neither captured nor surrounded.", {"not_taken Siversk", "not_encircled Siversk"}),
    ("The drive goes towards Siversk, the last town in the valley that is still held by Ukraine.", {"held Siversk"}),
    ("The army holds the north, the east and the centre, including the town of Siversk.", {"held Siversk"}),
    ("Lyman is one of two towns in the valley that are at least partly controlled by Ukraine.", {"partly_held Lyman"}),
    ("The rebels overran a string of villages, among them Siversk and Lyman.", {"taken Siversk", "taken Lyman"}),
    ("The road goes to Lyman, parts of which are in the hands of the militia.", {"partly_held Lyman"}),
    ("Infantry made it into Siversk.", {"entered Siversk"}),
    ("The Ukrainian flag still flies over Siversk.", {"held Siversk"}),
    ("Troops freed the northern quarters of Siversk.", {"partly_liberated Siversk"}),
    ("Troops have enveloped Siversk from three sides.", {"partly_encircled Siversk"}),
    ("The Kurds still hold the Siversk districts of Abba and Boro.", {"partly_held Siversk"}),
    ("Fighters who hold Siversk may be joined by others.", {"held Siversk"}),
    ("The militia retook Siversk, which it lost to the army in May.", {"liberated Siversk", "lost Siversk"}),
    ("The map showed the west of Siversk as contested.", {"grey Siversk"}),
    ("Russia claims Siversk as well.", {"taken Siversk by Russia"}),
    ("Troops regained two villages as well as a large part of Siversk.", {"partly_liberated Siversk"}),
    ("The ministry credited a brigade with seizing Siversk.", {"taken Siversk by ministry"}),
    ("A brigade recaptured Siversk's western outskirts.", {"partly_liberated Siversk"}),
    ("Siversk has Russians on three sides.", {"partly_encircled Siversk"}),
    ("Siversk has been in its hands for a year.", {"held Siversk"}),
    ("Nobody knows who is in charge in Siversk.", {"grey Siversk"}),
    ("An envoy called the fall of Siversk unlikely.", set()),
    ("The army agreed to an orderly withdrawal from Siversk.", set()),
    ("Siversk had been in government hands throughout the war.", set()),
    ("Siversk, which Moscow says it took in May, is quiet.", {"taken Siversk by Moscow"}),
    ("Siversk is the last town in the valley fully under Ukrainian control.", {"held Siversk"}),
    ("Siversk has been occupied since May 2023.", {"held Siversk"}),
    ("The rebels control Siversk, on the southern border, and Lyman.", {"held Siversk", "held Lyman"}),
    ("“Siversk is gone.” A pilot shrugs.", {"lost Siversk"}),
    ("A few men who had broken into Siversk last week have been killed.", set()),
    ("Scouts entered Siversk before they were cut off and destroyed.", set()),
    ("In 2012 the rebels rose. Extremists soon seized Siversk, Ambarne and Lyman.", set()),
    ("Extremists seized Siversk, Ambarne and Lyman, until an army came in 2013.", set()),
    ("The army holds the last camp of Tuareg rebels.", set()),
    ("The fall of Siversk had been expected.", set()),
    ("It took Siversk two years to recover.", set()),
    ("Troops took Siversk two days after that.", {"taken Siversk"}),
    ("The frigate Lyman was taken to port.", set()),
    ("Tanks that had re-entered Siversk withdrew at dawn.", set()),
    ("The militia briefly seized Siversk.", set()),
    ("Such an army is unlikely to turn the capture of Siversk, should it occur, into more.", set()),
    ("Ukraine has held the Siversk crossing since May.", set()),
    ("“We did not lose Siversk yesterday,” the men joke.", set()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), DENIED + FORMS)
def test_what_agencies_say_of_ground_is_read_as_meant(text: str, wanted: set[str], places: Places) -> None:
    assert told(text, places) == wanted


JUDGED = [
    ("Ida Holm, an analyst, said Siversk was likely to fall but Lyman was unlikely to.", {"likely", "unlikely"}),
    ("Ida Holm, an analyst, said the army would almost certainly not retake Siversk.", {"almost_no_chance"}),
    ("Ida Holm, who runs a research lab, said the fall of Siversk was all but certain.", {"almost_certain"}),
    ("Ida Holm, a retired army general, sees little chance of keeping Siversk.", {"unlikely"}),
    ("ISW assesses that Siversk is unlikely to hold out.", {"unlikely"}),
    ("Delta Point, a think tank that tracks the war, says Siversk will probably fall.", {"likely"}),
    ("Ida Holm, an analyst, thought it inconceivable that Siversk would be left.", {"almost_no_chance"}),
    ("The governor said Siversk was likely to hold out.", set()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), JUDGED)
def test_every_judgement_of_an_analyst_is_found_with_its_bin(text: str, wanted: set[str], places: Places) -> None:
    assert {one.value for one in read(text, places) if one.what is What.ASSESSMENT} == wanted


SPEAKERS = [
    ("Putin was told by General Anton Bely that Siversk had been captured.", "Anton Bely"),
    ("Lynx Maps, a mapping group, showed Siversk as captured.", "Lynx Maps"),
    ("The Delta Observatory is small.\n\nSiversk has been captured, the observatory said.", "observatory"),
    ("The Levant Alliance said it was near.\n\nThe group said Siversk had been captured.", "Levant Alliance"),
    ("Ida Holm of Rho Consulting is gloomier: she says Siversk has been captured.", "Ida Holm"),
    ("Siversk has been captured, Radio Free Donbas reported.", "Radio Free Donbas"),
    ("Ida Holm, who works for the group Alpha Beta, says Siversk has been captured.", "Ida Holm"),
    ("Ukraine flatly denied that Siversk had been captured.", "Ukraine"),
    ("Insurgents led by a colonel took the road and claimed to have captured Siversk.", "Insurgents"),
    ("The ministry said Lyman fell, where Ida Holm said she fled, and that Siversk had been captured.", "ministry"),
    ("The Delta Front (DF), at war with the army since May, said it had captured Siversk.", "Delta Front"),
    ("Min Zaw Oo and Lway Yay Oo met.\n\nMin Zaw Oo said Siversk had been captured.", "Min Zaw Oo"),
    ("The South Sudanese army spoke.\n\nThe army on Monday said Siversk had been captured.", "army"),
    ("The ministry claimed the town of Siversk, which Kyiv says is quiet.", "ministry"),
    ("A Russian milblogger admitted the loss of Lyman but said men still hold Siversk.", "Russian milblogger"),
    ("“They came at night,” wrote one, Rybka, adding that Siversk had been captured.", "Rybka"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "who"), SPEAKERS)
def test_who_speaks_of_ground_is_told_from_the_sentence_and_from_who_spoke(text: str, who: str, places: Places) -> None:
    found = [one for one in read(text, places) if one.place and one.place.name == "Siversk"]
    assert {one.speaker.name if one.speaker else None for one in found} == {who}


def test_an_arabic_article_belongs_to_a_name_however_it_is_written(places: Places) -> None:
    known = bearers(places, ["el-Obeid", "El-Fasher", "Al Fashir"])
    assert {name: some[0].country for name, some in known.items()} == dict.fromkeys(known, "SD") != {}
    text = "Sudan. Fighting near Khartoum and Omdurman goes on. Rebels seized Bara and el-Obeid."
    found = read_text(text, places=places).drafts
    assert {one.place.name for one in found if one.what is What.CONTROL and one.place} == {"Bara", "el-Obeid"}


def test_the_city_behind_a_list_or_an_office_is_the_one_that_the_text_tells_of(places: Places) -> None:
    text = (
        "Lyman is under fire. Lyman was shelled. Lyman burns. The army retook Siversk and Ambarne, and cleared "
        "the northern quarters of the city.\n\nThe Luhansk governor said Ukraine still held a third of the city."
    )
    assert {"partly_liberated Lyman", "partly_held Lyman by governor"} <= {
        one.replace("Luhansk governor", "governor") for one in told(text, places)
    }


def test_the_side_of_a_second_verb_is_not_the_one_that_the_first_was_done_to(places: Places) -> None:
    found = read("Ukrainian troops drove Russian troops from Lyman and control half of Siversk.", places)
    assert {one.place.name: one.sides for one in found if one.place} == {
        "Lyman": ("Ukrainian", "Russian"),
        "Siversk": ("Ukrainian",),
    }
