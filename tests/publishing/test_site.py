"""The site: what is written, put right, withdrawn; killed at any moment; made again; never from a careless word."""

from __future__ import annotations

import contextlib
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
from publishing_war import DAY, LATER, NOW, approve, begun, features, made, published, released, row
from review_editors import square
from shapely import box

from isofront.cli import main
from isofront.engine.edition import Asked
from isofront.engine.inputs import Shown, _approval_of
from isofront.engine.review import read_ground
from isofront.engine.site import _correction, correct_edition, edition_of, publish_release, pull_edition, rebuilt
from isofront.errors import BadInputError, IsofrontError, UsageError
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.decision import Approval, History
from isofront.evidence.edition import EditionMap, read_published, sha256
from isofront.front import Area, Class
from isofront.review import redraw

NEXT = "2024-06-10"
HOUR = timedelta(hours=1)


def everything(site: Path) -> dict[str, bytes]:
    return {str(one.relative_to(site)): one.read_bytes() for one in sorted(site.rglob("*")) if one.is_file()}


@pytest.fixture(scope="session")
def shown(plain_war: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A theatre whose day was published, and its site; copy before you write."""
    home = tmp_path_factory.mktemp("shown")
    war = Path(shutil.copytree(plain_war, home / "war"))
    published(war, home / "site")
    return war, home / "site"


@pytest.fixture
def both(shown: tuple[Path, Path], tmp_path: Path) -> tuple[Path, Path]:
    return Path(shutil.copytree(shown[0], tmp_path / "war")), Path(shutil.copytree(shown[1], tmp_path / "site"))


def test_every_file_of_an_edition_has_the_hash_that_edition_and_list_name(shown):
    site = shown[1]
    told = json.loads((site / "editions.json").read_text(encoding="utf-8"))
    (one,) = told["editions"]
    about = site / one["path"] / "edition.json"
    assert sha256(about.read_bytes()) == one["sha256"]
    for name, hashed in json.loads(about.read_text(encoding="utf-8"))["files"].items():
        assert sha256((site / one["path"] / name).read_bytes()) == hashed, name
    with Ledger.open(ledger_path(shown[0])) as ledger:
        ((_, kept),) = read_published(ledger).editions
    assert kept.files["edition.json"] == one["sha256"]
    assert ElementTree.parse(site / "feed.atom").getroot().tag.endswith("feed")
    assert json.loads((site / "feed.json").read_text(encoding="utf-8"))["items"][0]["url"] == one["path"]


def test_publishing_twice_makes_one_edition_and_mends_the_site(both):
    war, site = both
    before = everything(site)
    (site / "editions" / "0001-2024-05-25" / "areas.geojson").unlink()
    again = published(war, site, now=NOW + timedelta(hours=3))
    assert not again.new
    assert everything(site) == before


def test_a_day_that_is_approved_again_with_nothing_new_makes_no_edition_that_would_tell_of_it(both):
    war, site = both
    before = everything(site)
    approve(war)
    assert not published(war, site).new
    assert everything(site) == before


def test_an_edition_is_made_again_byte_for_byte_from_what_the_ledger_held_then(both):
    war, site = both
    with Ledger.open(ledger_path(war), write=True) as ledger:
        ledger.retract("red3", "a mistake", now=LATER)
    again = rebuilt(war, "0001-2024-05-25")
    assert {name: (site / "editions" / again.edition.id / name).read_bytes() for name in again.files} == again.files


def test_what_was_taken_back_informs_no_later_edition(both):
    war, site = both
    with Ledger.open(ledger_path(war), write=True) as ledger:
        ledger.retract("red3", "a mistake", now=NOW)
    after = published(war, site, now=NOW + timedelta(hours=1))
    assert after.edition.id == "0002-2024-05-25"
    assert len(features(after.files, "reports")) == 19


def test_a_correction_is_a_new_edition_a_line_in_the_feed_and_a_banner_on_the_old_page(both, tmp_path, capsys):
    war, site = both
    wrong = square(tmp_path / "wrong.geojson", 20.1, 50.0, 20.2, 50.06)
    fixed = correct_edition(
        war, "0001-2024-05-25", read_ground(wrong), site, Asked(reason="a film set, not an advance"), now=LATER
    )
    assert fixed.edition.corrects == "0001-2024-05-25"
    assert fixed.edition.bypass == "correction: a film set, not an advance", "so much under one name is said in public"
    old = site / "editions" / "0001-2024-05-25"
    assert "a film set, not an advance" in (old / "index.html").read_text(encoding="utf-8")
    status = json.loads((old / "status.json").read_text(encoding="utf-8"))
    assert status["corrected_by"] == fixed.edition.id
    assert (status["stamp"], status["delay_hours"]) == ("PUBLIC", 72)
    assert "drones reach farther" in status["caution"]
    told = json.loads((site / "editions.json").read_text(encoding="utf-8"))["editions"]
    assert [(one["id"], one["state"]) for one in told] == [(old.name, "corrected"), (fixed.edition.id, "published")]
    titles = [item["title"] for item in json.loads((site / "feed.json").read_text(encoding="utf-8"))["items"]]
    assert titles[0].startswith("Correction of 0001-2024-05-25")
    assert b'type="application/atom+xml" href="feed.atom">' in (site / "index.html").read_bytes()[:4000]
    assert b'type="application/feed+json" href="../../feed.json">' in (old / "index.html").read_bytes()[:4000]
    held = {"blue" for one in features(fixed.files, "areas") if one["properties"]["side"] == "blue"}
    assert held == {"blue"}
    assert fixed.map.settlements["Midtown"] == "held_blue"
    with Ledger.open(ledger_path(war)) as ledger:
        head = ledger.head
    (site / "editions" / fixed.edition.id / "areas.geojson").unlink()
    words = ("--area", str(wrong), "--reason", "a film set, not an advance", "--out", str(site), "--theatre", str(war))
    capsys.readouterr()
    assert main(["correct", "0001-2024-05-25", *words]) == 0
    said = capsys.readouterr().out
    assert "is corrected so already, by 0002-2024-05-25; nothing new" in said
    assert "--again" in said
    with Ledger.open(ledger_path(war)) as ledger:
        assert ledger.head == head
    assert (site / "editions" / fixed.edition.id / "areas.geojson").read_bytes() == fixed.files["areas.geojson"]


@pytest.mark.slow
def test_a_correction_is_made_once_more_with_another_class_another_reason_or_when_asked(both, tmp_path):
    war, site = both
    wrong = read_ground(square(tmp_path / "wrong.geojson", 20.1, 50.0, 20.2, 50.06))
    asked, name = Asked(reason="a film set"), "0001-2024-05-25"
    ids = [
        correct_edition(war, name, wrong, site, ask, holder=holder, now=LATER).edition.id
        for ask, holder in (
            (asked, "grey"), (asked, "grey"), (asked, None), (asked, "grey"), (Asked(reason="no"), "grey"),
            (replace(asked, again=True), "grey"),
        )
    ]  # fmt: skip
    assert [one[:4] for one in ids] == ["0002", "0002", "0003", "0004", "0005", "0006"]


@pytest.mark.parametrize(("at", "said"), [((50.1, 20.1), True), ((60.0, 10.0), False)])
def test_ground_to_correct_that_lies_elsewhere_is_refused_and_lat_before_lon_is_called_that(both, tmp_path, at, said):
    war, site = both
    away = read_ground(square(tmp_path / "away.geojson", *at, at[0] + 0.1, at[1] + 0.1))
    with pytest.raises(BadInputError, match="--area: lies outside the theatre's bounds") as told:
        correct_edition(war, "0001-2024-05-25", away, site, Asked(reason="x"), now=LATER)
    assert str(told.value).endswith("; lat before lon, it seems") is said


def test_a_pulled_edition_leaves_a_tombstone_and_nothing_of_its_map_and_twice_is_once(both):
    war, site = both
    name = "0001-2024-05-25"
    secret = features({"areas.geojson": (site / "editions" / name / "areas.geojson").read_bytes()}, "areas")[0]
    vertex = json.dumps(secret["geometry"]["coordinates"][0][0][:1])[2:16]
    pull_edition(war, name, site, reason="a place that must not be known", now=LATER)
    first = everything(site)
    assert not any(vertex.encode() in content for content in first.values())
    page = first[f"editions/{name}/index.html"].decode()
    assert "no-store" in page
    assert "must not be known" in page
    assert json.loads(first[f"editions/{name}/areas.geojson"])["features"] == []
    assert f"editions/{name}/control.tif" not in first
    assert f"/editions/{name}/*\n  Cache-Control: no-store" in first["_headers"].decode()
    assert json.loads(first["editions.json"])["latest"] is None
    pull_edition(war, name, site, reason="again", now=LATER + timedelta(days=1))
    assert everything(site) == first


class Killed(BaseException):
    """Power loss."""


@pytest.mark.parametrize("act", [pytest.param("publish", marks=pytest.mark.slow), "pull"])
def test_killed_at_any_moment_the_site_is_whole_and_the_next_command_finishes(both, tmp_path, monkeypatch, act):
    bare = (b"<html>", b"", b"</body></html>")
    monkeypatch.setattr("isofront.publish.page._template", lambda: bare)  # it may be built anew while this runs
    war, site = both
    name = "0001-2024-05-25"
    with Ledger.open(ledger_path(war), write=True) as ledger:
        ledger.retract("red3", "a mistake", now=NOW)
    release = released(war, now=NOW + timedelta(hours=1))

    def run(war: Path, site: Path) -> None:
        if act == "pull":
            pull_edition(war, name, site, reason="must go", now=LATER)
        else:
            publish_release(release_in(release, war), site, Asked())

    whole = count_of_steps(monkeypatch, lambda: run(*copies(war, site, tmp_path / "whole")))
    finished = everything(tmp_path / "whole" / "site")
    for k in range(1, whole + 1) if act == "pull" else (1, *range(whole - 6, whole + 1)):
        here = copies(war, site, tmp_path / f"{k}")
        killed_at(monkeypatch, k, lambda here=here: run(*here))
        check_whole(here[1])
        run(*here)
        assert everything(here[1]) == finished, k


def release_in(release, war: Path):
    """The release, in a copy of its theatre."""
    from dataclasses import replace

    ground = replace(release.inputs.ground, folder=war)
    with Ledger.open(ledger_path(war)) as ledger:
        if ledger.head != release.inputs.head:  # the killed run had recorded it: read anew
            return released(war, now=NOW + timedelta(hours=2))
    return replace(release, inputs=replace(release.inputs, ground=ground))


def copies(war: Path, site: Path, home: Path) -> tuple[Path, Path]:
    return Path(shutil.copytree(war, home / "war")), Path(shutil.copytree(site, home / "site"))


def count_of_steps(monkeypatch: pytest.MonkeyPatch, act) -> int:
    return killed_at(monkeypatch, 10**6, act)


def killed_at(monkeypatch: pytest.MonkeyPatch, k: int, act) -> int:
    """Run an act that dies before the k-th change to the site; how many changes there were."""
    done = 0
    rename, remove = Path.replace, shutil.rmtree

    def counted(real):
        def step(*words, **named):
            nonlocal done
            done += 1
            if done == k:
                raise Killed
            return real(*words, **named)

        return step

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", counted(rename))
        patched.setattr(shutil, "rmtree", counted(remove))
        with contextlib.suppress(Killed):
            act()
    return done


def check_whole(site: Path) -> None:
    """Whatever the list names is there with its hash, and every page and feed can be read."""
    told = json.loads((site / "editions.json").read_text(encoding="utf-8"))
    for one in told["editions"]:
        about = site / one["path"] / "edition.json"
        if not about.exists():
            about = site / f".old-{one['id']}" / "edition.json"
        document = json.loads(about.read_text(encoding="utf-8"))
        for name, hashed in document.get("files", {}).items():
            assert sha256((about.parent / name).read_bytes()) == hashed
    json.loads((site / "feed.json").read_text(encoding="utf-8"))
    assert (site / "index.html").read_bytes().count(b"</html>") == 1


@pytest.mark.slow
def test_a_large_change_wants_a_second_name_and_a_bypass_is_public(tmp_path):
    war = begun(tmp_path, policy="\n[policy]\nsecond_name_over_km2 = 1\n")
    approve(war)
    site = tmp_path / "site"
    first = published(war, site)
    assert first.edition.second is None, "the first edition has none before it"
    from engine_war import add

    more = [row(f"n{k}", 20.12 + k / 300, 50.2 + k / 900, day=f"2024-05-{26 + k % 4}") for k in range(12)]
    add(war, more, name="more.csv")
    approve(war, day=NEXT)
    release = released(war, on=DAY.replace(month=6, day=10), now=LATER)
    assert release.wants_second_name
    with pytest.raises(UsageError, match="--second"):
        publish_release(release, site, Asked())
    with pytest.raises(UsageError, match="another name"):
        publish_release(release, site, Asked(second="Nadia"))
    done = publish_release(release, site, Asked(bypass="nobody else is awake", reason="nobody else is awake"))
    assert done.edition.bypass == "nobody else is awake"
    assert json.loads((site / "editions.json").read_text(encoding="utf-8"))["editions"][1]["without_second_name"]


def test_a_folder_with_something_else_in_it_is_refused(both, tmp_path):
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / "thesis.txt").write_text("precious", encoding="utf-8")
    with pytest.raises(IsofrontError, match="thesis"):
        published(both[0], strange)
    assert [one.name for one in strange.iterdir()] == ["thesis.txt"]


def test_the_commands_say_what_is_held_back_and_write_nothing_on_a_dry_run(both, tmp_path, capsys):
    war, _ = both
    capsys.readouterr()
    assert main(["publish", "--theatre", str(war), "--on", "2024-05-25", "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["stamp"] == "PRIVATE"
    assert told["cleared"] == 20
    assert told["held"] == []
    assert main(["publish", "--theatre", str(war), "--on", "2024-05-24", "--out", str(tmp_path / "x")]) == 2
    assert "no approved map of 2024-05-24" in capsys.readouterr().err
    assert main(["pull", "0009-2024-05-25", "--theatre", str(war), "--out", str(tmp_path / "x"), "--reason", "x"]) == 2
    assert not (tmp_path / "x").exists()


@pytest.mark.slow
def test_names_and_reasons_full_of_markup_are_text(tmp_path):
    title = '</script><script>alert(1)</script><img src=x onerror=alert(2)> & "quotes"'
    war = begun(tmp_path)
    file = war / "theatre.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if not line.startswith("title")]
    file.write_text(f"title = {json.dumps(title)}\n" + "\n".join(lines) + "\n", encoding="utf-8")
    approve(war)
    site = tmp_path / "site"
    published(war, site, Asked(reason=title))
    pull_edition(war, "0001-2024-05-25", site, reason=title, now=LATER)
    for page in (site / "index.html", site / "editions" / "0001-2024-05-25" / "index.html"):
        text = page.read_text(encoding="utf-8")
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    ElementTree.parse(site / "feed.atom")


def test_a_made_edition_says_who_agreed_to_the_editors_alone(plain_war):
    edition = made(plain_war).edition
    assert edition.by == "nadia"
    assert edition.protected == ()
    assert edition.head


def test_what_was_drawn_for_one_name_makes_the_same_bytes_under_another_as_if_drawn_anew(plain_war, plain_edition):
    release, asked = released(plain_war), Asked(second="olha", reason="the day")
    signed = edition_of(release, asked, drawn=plain_edition.shown)
    anew = edition_of(release, asked)
    assert (signed.edition, signed.files) == (anew.edition, anew.files)
    assert signed.files["edition.json"] != plain_edition.files["edition.json"]


def test_the_editions_of_a_site_can_be_served_as_features(shown):
    from isofront.server import read_folder

    shelf = read_folder(shown[1] / "editions")
    assert shelf.stamp == "PUBLIC"
    assert {"areas", "front", "settlements"} <= set(shelf.collections)


@pytest.mark.slow
def test_an_old_day_put_right_is_held_against_what_was_wrong_and_a_withdrawal_is_news_when_it_happens(both, tmp_path):
    war, site = both
    old = "0001-2024-05-25"
    approve(war, day=NEXT)
    published(war, site, Asked(second="olha"), on=datetime(2024, 6, 10, tzinfo=UTC), now=LATER)
    wrong = square(tmp_path / "wrong.geojson", 20.1, 50.0, 20.2, 50.06)
    fixed = correct_edition(war, old, read_ground(wrong), site, Asked(reason="a film set"), now=LATER + HOUR)
    changes = json.loads(fixed.files["changes.json"])
    assert (changes["since_edition"], changes["since"]) == (old, "2024-05-25T00:00:00Z")
    page = json.loads((site / "places.json").read_text(encoding="utf-8"))
    assert page["editions"] == [fixed.edition.id, "0002-2024-06-10"]
    assert "As of 2024-06-10" in page["caution"], "an old day that was put right is not the current one"
    assert json.loads((site / "editions.json").read_text(encoding="utf-8"))["latest"] == "0002-2024-06-10"
    pull_edition(war, "0002-2024-06-10", site, reason="a place", now=LATER + 2 * HOUR)
    items = json.loads((site / "feed.json").read_text(encoding="utf-8"))["items"]
    assert [item["title"].split(":")[0] for item in items] == [
        "Withdrawn",
        f"Correction of {old}",
        "The map as of 2024-05-25",
    ]
    assert items[0]["date_published"] > items[1]["date_published"] == items[2]["date_modified"]
    assert "a film set. " in items[1]["content_text"]
    atom = ElementTree.parse(site / "feed.atom").getroot()
    dates = [one.text for one in atom.iter("{http://www.w3.org/2005/Atom}updated")]
    assert dates[0] == dates[1] == items[0]["date_published"]
    page_text = (site / "editions/0002-2024-06-10/index.html").read_text(encoding="utf-8")
    assert "Відкликано" in page_text


def test_a_correction_shows_the_newest_day_before_it_whenever_that_was_published(plain_war, plain_edition):
    inputs, edition = released(plain_war).inputs, plain_edition.edition
    frame = inputs.ground.frame

    def shown(side: str, *, number: int, days_before: int) -> Shown:
        drawn = redraw.ground_of(Area(Class.HELD, side, None, frame))
        told = msgspec.structs.replace(edition, number=number, as_of=edition.as_of - timedelta(days=days_before))
        return Shown(told, EditionMap(inputs.ground.theatre.crs, (drawn,), (), {}))

    before = (shown("red", number=1, days_before=2), shown("blue", number=2, days_before=9))
    wrong = msgspec.structs.replace(edition, number=3)
    made = _correction(replace(inputs, shown=before), wrong, box(20.1, 50.05, 20.2, 50.15), None)
    assert {one.side for one in made.areas} == {"red"}


def test_a_map_of_noon_is_asked_for_by_its_hour(plain_war):
    noon = DAY + timedelta(hours=12)
    told = Approval("a-1", noon, noon, noon, "nadia", "seen", "1", 0, simulated=False)
    with pytest.raises(UsageError, match=r"no approved map of 2024-05-25, wanted one of: 2024-05-25T12:00:00Z"):
        _approval_of(History((), ((3, told),), ()), DAY, plain_war, None)
