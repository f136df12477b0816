"""The public brief: out of a site alone, each sentence resting on what the site shows, nothing else in any byte."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from briefed_site import DAY, FIRST, HIDDEN, SPEAKER, made_site
from publishing_war import SECRET

from isofront.cli import main
from isofront.errors import IntegrityError, UsageError
from isofront.evidence.edition import sha256
from isofront.findings.brief_phrases import Names
from isofront.findings.brief_public import public_brief
from isofront.findings.brief_public_facts import PublicFacts, Remain
from isofront.findings.brief_sentence import Sentence
from isofront.findings.brief_words import LANGUAGES, book_of
from isofront.findings.rivals import rival_groups
from isofront.publish.brief_notes import notes_of
from isofront.publish.brief_public import public_facts
from isofront.publish.brief_site import Page, PublicDay, Site


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_site(tmp_path_factory.mktemp("public"))


@pytest.fixture(scope="module")
def site(folder: Path) -> Site:
    return Site.of(folder)


@pytest.fixture(scope="module")
def told(site: Site) -> PublicDay:
    return site.day_of(DAY)


@pytest.fixture(scope="module")
def facts(site: Site, told: PublicDay) -> PublicFacts:
    return public_facts(site, told)


def said(facts: PublicFacts) -> list[Sentence]:
    return [one for part in public_brief(facts) for one in part.sentences]


def keys(facts: PublicFacts) -> set[str]:
    return {one.text_key for one in said(facts)}


def edited(told: PublicDay, **public: object) -> PublicDay:
    """The same edition with something else in its own block; its name stays."""
    day = msgspec.structs.replace(told.day, public=msgspec.structs.replace(told.day.public, **public))
    return replace(told, page=msgspec.structs.replace(told.page, dates=[day]))


def without_report(told: PublicDay, number: int) -> PublicDay:
    kept = [one for one in told.day.public.reports or () if one.number != number]
    return edited(told, reports=kept)


def without_claim(told: PublicDay, name: str, site: Site) -> PublicDay:
    """Whichever published claim goes by that name is gone."""
    for k, place in enumerate(told.day.public.places):
        for claim in place.claims:
            rest = [one for one in place.claims if one is not claim]
            places = list(told.day.public.places)
            places[k] = msgspec.structs.replace(place, claims=rest)
            left = edited(told, places=places)
            if name not in notes_of(site, left, public_facts(site, left)):
                return left
    raise AssertionError(name)


def test_every_sentence_rests_on_what_the_site_shows_and_every_source_has_its_note(site, told, facts) -> None:
    assert all(one.ids for one in said(facts))
    notes = notes_of(site, told, facts)
    assert {name for one in said(facts) for name in one.ids} <= set(notes)
    assert {"public_town", "public_fought", "rivals", "public_civilians", "public_control"} <= keys(facts)


def test_whatever_single_source_is_taken_away_its_sentences_change_or_go(site, told, facts) -> None:
    before = said(facts)
    names = sorted({name for one in before for name in one.ids if not name.startswith("edition:")})
    assert any("#" in name for name in names)
    assert any(name.startswith("claim:") for name in names)
    for name in names:
        number = int(name.split("#")[1]) if "#" in name else None
        left = without_claim(told, name, site) if number is None else without_report(told, number)
        after = said(public_facts(site, left))
        assert [one for one in before if name in one.ids and one in after] == [], name
        assert all(name not in one.ids for one in after), name


def test_another_content_of_an_edition_is_another_name_for_all_that_rests_on_it(folder, facts, tmp_path) -> None:
    own = Path(shutil.copytree(folder, tmp_path / "site"))
    for day in (FIRST, DAY):
        rewritten(own, day, lambda page: page | {"credit": "somebody"})
        after = said(public_facts(Site.of(own), Site.of(own).day_of(DAY)))
        gone = {name for one in said(facts) for name in one.ids} - {name for one in after for name in one.ids}
        assert any(name.startswith("edition:") and f"{day:%Y-%m-%d}" in name for name in gone)
        assert not [one for one in said(facts) if set(one.ids) & gone and one in after]


def rewritten(site: Path, day: datetime, change) -> None:
    """Another page in an edition's place, with hashes that say so."""
    listed = json.loads((site / "editions.json").read_text(encoding="utf-8"))
    one = next(row for row in listed["editions"] if row["as_of"].startswith(f"{day:%Y-%m-%d}"))
    about, page = (site / one["path"] / name for name in ("edition.json", "page.json"))
    page.write_text(json.dumps(change(json.loads(page.read_text(encoding="utf-8")))), encoding="utf-8")
    words = json.loads(about.read_text(encoding="utf-8"))
    words["files"]["page.json"] = sha256(page.read_bytes())
    about.write_text(json.dumps(words), encoding="utf-8")
    one["sha256"] = sha256(about.read_bytes())
    (site / "editions.json").write_text(json.dumps(listed), encoding="utf-8")


def test_what_was_written_over_in_the_site_is_refused(folder, tmp_path) -> None:
    own = Path(shutil.copytree(folder, tmp_path / "site"))
    page = next(own.glob("editions/0002-*/page.json"))
    page.write_bytes(page.read_bytes().replace(b"Midtown", b"Westend"))
    with pytest.raises(IntegrityError, match="not as published"):
        Site.of(own).day_of(DAY)


@pytest.mark.parametrize(
    ("since", "words"), [({"since": "2024-05-20"}, "Reports since 20 May 2024 show"), ({}, "Reports show")]
)
def test_ground_on_which_the_line_is_not_to_be_trusted_is_told_of_editions_old_and_new(
    site, told, since, words
) -> None:
    shapes = dict(told.day.shapes)
    (first, *_) = [one for one in shapes["layers"]["areas"] if one["p"]["class"] == "held"]
    marked = [first | {"p": {"class": "moving", "side": "red"} | since}]
    day = msgspec.structs.replace(told.day, shapes=shapes | {"layers": shapes["layers"] | {"out_of_range": marked}})
    left = replace(told, page=msgspec.structs.replace(told.page, dates=[day]))
    one = next(one for one in said(public_facts(site, left)) if one.text_key == "public_beyond")
    assert book_of("en", Names({"red": "Redland"}, {})).said(one).startswith(f"{words} Redland")
    assert book_of("uk", Names({"red": "Redland"}, {})).said(one)


def test_a_day_without_an_edition_says_which_there_are(site) -> None:
    with pytest.raises(UsageError, match=r"2024-05-15, 2024-05-25"):
        site.day_of(datetime(2024, 5, 20, tzinfo=UTC))


def test_an_edition_before_that_was_withdrawn_is_not_told_of(folder, tmp_path) -> None:
    own = Path(shutil.copytree(folder, tmp_path / "site"))
    listed = json.loads((own / "editions.json").read_text(encoding="utf-8"))
    one = listed["editions"][0]
    one |= {"state": "pulled", "sha256": None}
    stone = {"id": one["id"], "pulled_at": "2024-07-03T00:00:00Z", "reason": "a film set", "state": "pulled"}
    (own / one["path"] / "edition.json").write_text(json.dumps(stone), encoding="utf-8")
    (own / "editions.json").write_text(json.dumps(listed), encoding="utf-8")
    facts = public_facts(Site.of(own), Site.of(own).day_of(DAY))
    assert {"public_change_withdrawn", "public_withdrawn"} <= keys(facts)
    assert not keys(facts) & {"change_side", "change_none", "public_town", "public_axis_came"}
    with pytest.raises(UsageError, match="a film set"):
        Site.of(own).day_of(FIRST)


@pytest.mark.slow
def test_what_differs_from_a_map_that_was_wrong_is_no_movement_and_gets_no_post(folder, tmp_path, capsys) -> None:
    own = Path(shutil.copytree(folder, tmp_path / "site"))
    listed = json.loads((own / "editions.json").read_text(encoding="utf-8"))
    listed["editions"][0] |= {"state": "corrected", "corrected_by": listed["editions"][1]["id"]}
    (own / "editions.json").write_text(json.dumps(listed), encoding="utf-8")
    asked = ["brief", "--public", "--site", str(own), "--on", "2024-05-25", "--out", str(tmp_path / "out")]
    capsys.readouterr()
    assert main([*asked, "--post-kit", "--format", "md"]) == 0
    assert "0 posts: the edition before was wrong" in capsys.readouterr().out
    facts = public_facts(Site.of(own), Site.of(own).day_of(DAY))
    assert {"public_change_put_right", "public_corrected"} <= keys(facts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_have_words_for_every_sentence(facts, language) -> None:
    worded = book_of(language, Names({"red": "Redland"}, {})).worded(public_brief(facts))
    text = "\n".join(line.text for section in worded.sections for line in section.lines)
    assert not [word for word in ("None", "{", "_") if word in text]
    assert [line.key for s in worded.sections for line in s.lines if "encircled" in line.text] in (
        [], ["public_control_enclosure"],
    )  # fmt: skip


def test_who_is_not_named_in_the_site_is_not_named_here_and_civilians_are_round(facts) -> None:
    text = str(book_of("en", Names({}, {})).worded(public_brief(facts)))
    assert SPEAKER in text
    assert "somebody not named here" in text
    assert "1,200 people" in text
    assert HIDDEN not in text
    assert "1234" not in text


@pytest.fixture(scope="module")
def written(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("written")
    asked = ["brief", "--public", "--site", str(folder), "--on", "2024-05-25", "--out", str(out), "--post-kit"]
    assert main(asked) == 0
    return out


@pytest.mark.slow
def test_every_file_says_public_and_simulated_and_holds_nothing_that_the_site_does_not(written) -> None:
    texts = [path for path in written.rglob("*") if path.suffix in (".md", ".html", ".txt")]
    for path in texts:
        content = path.read_text(encoding="utf-8")
        assert "Not for navigation, evacuation or targeting" in content or "Не для навігації" in content, path
        assert not [word for word in (SECRET, HIDDEN, "PRIVATE", "/private", "mid1", "red1") if word in content], path
    for name in ("brief.md", "brief.html"):
        content = (written / name).read_text(encoding="utf-8")
        assert content.count("PUBLIC") >= 2
        assert "Not for navigation, evacuation or targeting" in content
    for path in written.rglob("*.png"):
        content = path.read_bytes()
        assert b"PUBLIC" in content, path
        assert b"Not for navigation, evacuation or targeting" in content, path


@pytest.mark.slow
def test_each_change_has_a_post_with_three_pictures_and_words_in_both_languages(written) -> None:
    folders = sorted(path for path in (written / "posts").iterdir())
    assert folders
    assert "midtown" in folders[0].name
    wanted = {f"before-after-{size}.png" for size in ("1200x675", "1080x1080", "1080x1350")}
    wanted |= {f"{kind}.{language}.txt" for kind in ("post", "alt") for language in LANGUAGES}
    for path in folders:
        assert {one.name for one in path.iterdir()} == wanted
        for name in wanted:
            if name.endswith(".png"):
                head = (path / name).read_bytes()[16:24]
                size = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:], "big")
                assert name == f"before-after-{size[0]}x{size[1]}.png"
    first = (folders[0] / "post.en.txt").read_text(encoding="utf-8")
    assert "Midtown" in first
    assert "Not for navigation" in first
    assert "edition 0002-2024-05-25" in first
    assert re.search(r"Between the maps of \d+ May 2024 and of 25 May 2024\.", first.splitlines()[0])


@pytest.mark.slow
def test_the_same_site_gives_the_same_bytes_wherever_it_lies(folder, written, tmp_path) -> None:
    own = Path(shutil.copytree(folder, tmp_path / "other"))
    out = tmp_path / "out"
    asked = ["brief", "--public", "--site", str(own), "--on", "2024-05-25", "--out", str(out), "--post-kit"]
    assert main(asked) == 0
    files = {str(path.relative_to(written)): path.read_bytes() for path in written.rglob("*") if path.is_file()}
    assert files == {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_the_first_edition_has_no_posts_and_says_why(folder, tmp_path, capsys) -> None:
    capsys.readouterr()
    asked = [
        "brief",
        "--public",
        "--site",
        str(folder),
        "--on",
        "2024-05-15",
        "--out",
        str(tmp_path),
        "--format",
        "html",
    ]
    assert main([*asked, "--post-kit"]) == 0
    assert "0 posts: there is no edition before" in capsys.readouterr().out
    assert not (tmp_path / "posts").exists()


def test_nothing_is_written_into_the_site(folder, capsys) -> None:
    asked = ["brief", "--public", "--site", str(folder), "--on", "2024-05-25", "--out", str(folder / "brief")]
    assert main(asked) == 2
    assert "beside it" in capsys.readouterr().err


def test_a_page_of_an_older_form_is_refused_in_one_line(folder, tmp_path) -> None:
    own = Path(shutil.copytree(folder, tmp_path / "site"))
    rewritten(own, DAY, lambda page: {key: value for key, value in page.items() if key != "format"})
    assert msgspec.json.decode(next(own.glob("editions/0002-*/page.json")).read_bytes(), type=Page).format == 0
    asked = ["brief", "--public", "--site", str(own), "--on", "2024-05-25", "--out", str(tmp_path / "out")]
    assert main(asked) == 3


def test_many_numbers_that_cannot_be_true_together_and_people_of_a_place_are_told_once(facts) -> None:
    base = facts.rivals[0].rows[0].claim
    some = [msgspec.structs.replace(base, id=f"claim:{n}", low=n, high=n, about="attacks") for n in (10, 20, 40)]
    civil = [msgspec.structs.replace(one, about="residents", side=None) for one in some]
    told = replace(facts, rivals=tuple(rival_groups(some)), civilians=tuple(Remain(one, 7000.0) for one in civil))
    (apart,) = [one for one in said(told) if one.text_key == "public_apart"]
    assert set(apart.ids) == {one.id for one in some}
    words = book_of("en", Names({}, {})).said(apart)
    assert words.endswith(": 3 pairs of these numbers are each of one day and cannot both be true.")
    assert "3 пари цих чисел" in book_of("uk", Names({}, {})).said(apart)
    people = [one.values["population"] for one in said(told) if one.text_key == "public_civilians"]
    assert people == [7000.0, None, None]
