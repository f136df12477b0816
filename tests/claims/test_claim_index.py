"""The index of claims says what the chain says, whatever was added, taken back and destroyed in between."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isofront.cli import main
from isofront.evidence import Entry, Ledger, claim_index, verify
from isofront.evidence.claim import Claim, claim_entry, claims
from isofront.evidence.claim_index import Wanted, claims_named, claims_wanted, index_differs

START = datetime(2020, 5, 1, tzinfo=UTC)
PLACES = ("Oldtown", "Ньютаун", "Sankt-Peter")


def claim(k: int, *, about: str = "losses") -> Claim:
    said = START + timedelta(hours=k)
    return Claim(f"c-{k}", f"Speaker {k % 3}", said, said, about, PLACES[k % 3], 0.0, 0.0, 10 + k, 10 + k,
                 interest=(None, "red", "blue")[k % 3], quote="SECRET-WORDS")  # fmt: skip


ACTS = st.lists(
    st.tuples(st.sampled_from(("add", "add", "other", "retract", "redact", "ask")), st.integers(0, 30)), max_size=25
)


def play(path: Path, acts: list[tuple[str, int]]) -> None:
    """Acts in their order; one that cannot be done is left out."""
    gone: set[int] = set()
    there: list[int] = []
    for turn, (act, k) in enumerate(acts):
        now = START + timedelta(days=2, minutes=turn)
        with Ledger.open(path, create=True) as ledger:
            if act == "add":
                there.append(len(there))
                ledger.append([claim_entry(claim(there[-1], about=("losses", "killed")[k % 2]))], now=now)
            elif act == "other":
                ledger.append([Entry("decision", f"d-{turn}", b"{}")], now=now)
            elif there and act in ("retract", "redact") and (chosen := k % len(there)) not in gone:
                getattr(ledger, act)(f"claim:c-{chosen}", "why", now=now)
                gone |= {chosen} if act == "redact" else set()
        if act == "ask":
            claims_wanted(path, Wanted())


@settings(max_examples=15, deadline=None)
@given(acts=ACTS, minute=st.integers(0, 30))
def test_the_index_equals_a_full_read(acts: list[tuple[str, int]], minute: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        play(path, [("other", 0), *acts])
        for known_by in (None, START + timedelta(days=2, minutes=minute), START + timedelta(hours=5)):
            with Ledger.open(path) as ledger:
                whole = claims(ledger, known_by=known_by)
            assert claims_wanted(path, Wanted(known_by=known_by)) == whole
            some = [one for one in whole if one.place == PLACES[1] and one.about == "killed"]
            assert claims_wanted(path, Wanted(("ньютаун",), "killed", known_by=known_by)) == some
        assert verify(path).holds
        assert not index_differs(path)


def test_an_index_that_hides_a_claim_is_found_and_thrown_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import apsw

    path = tmp_path / "ledger.db"
    play(path, [("add", 0), ("add", 0), ("retract", 0), ("ask", 0)])
    assert not index_differs(path)
    db = apsw.Connection(str(path))
    db.execute("UPDATE claim_index SET place = 'elsewhere' WHERE n = 2")
    db.close()
    assert claims_wanted(path, Wanted((PLACES[1],))) == []
    assert main(["ledger", "verify", "--theatre", str(tmp_path), "--json"]) == 4
    said = json.loads(capsys.readouterr().out)
    assert not said["holds"], "as the exit code says"
    assert "index of claims" in said["fault"]
    assert [one.id for one in claims_wanted(path, Wanted((PLACES[1],)))] == ["c-1"]
    assert main(["ledger", "verify", "--theatre", str(tmp_path)]) == 0


def test_each_filter_leaves_what_fits(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    play(path, [("add", k) for k in range(9)])

    def ids(**said: object) -> list[str]:
        return [one.id for one in claims_wanted(path, Wanted(**said))]  # type: ignore[arg-type]

    assert ids(speaker="SPEAKER 2") == ["c-2", "c-5", "c-8"]
    assert ids(interest="none") == ["c-0", "c-3", "c-6"]
    assert ids(first=START + timedelta(hours=3), last=START + timedelta(hours=5)) == ["c-3", "c-4"]
    assert ids(places=("sankt peter", "Oldtown"), interest="blue") == ["c-2", "c-5", "c-8"]


def test_a_redacted_claim_leaves_no_word_in_the_index_either(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    play(path, [("add", 0), ("add", 1), ("ask", 0), ("redact", 1)])
    held = b"".join(file.read_bytes() for file in tmp_path.glob("ledger.db*"))
    assert b"speaker 0" in held
    assert b"speaker 1" not in held
    assert "ньютаун".encode() not in held
    assert claims_named(path, ["c-1"]) == {}


def test_an_index_of_another_chain_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    play(path, [("add", 0), ("add", 0), ("ask", 0)])
    import apsw

    db = apsw.Connection(str(path))
    db.execute("UPDATE claim_index_end SET hash = x'00'; DELETE FROM claim_index WHERE n = 1")
    db.close()
    assert [one.id for one in claims_wanted(path, Wanted())] == ["c-0", "c-1"]


def test_a_ledger_that_cannot_be_written_is_read_whole(tmp_path: Path, monkeypatch) -> None:
    from isofront.errors import IsofrontError
    from isofront.evidence import claim_index

    path = tmp_path / "ledger.db"
    play(path, [("add", 0), ("add", 0)])

    def refuse(*_: object, **__: object) -> None:
        raise IsofrontError("read only")

    monkeypatch.setattr(claim_index, "connect", refuse)
    assert [one.id for one in claims_wanted(path, Wanted(speaker="speaker 1"))] == ["c-1"]


def test_a_claim_that_somebody_adds_meanwhile_is_no_change_from_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, end = tmp_path / "ledger.db", claim_index._end
    play(path, [("add", 0), ("ask", 0)])

    def end_before_another(db: object) -> tuple[int, bytes]:
        monkeypatch.undo()
        found = end(db)
        play(path, [("add", 0), ("add", 1), ("ask", 0)])
        return found

    monkeypatch.setattr(claim_index, "_end", end_before_another)
    assert not index_differs(path)
    assert len(claims_wanted(path, Wanted())) == 3
