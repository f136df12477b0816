"""Nothing can be slipped in, changed or cut off unnoticed; what is redacted is gone from the disk."""

from __future__ import annotations

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isofront.errors import IntegrityError, UsageError
from isofront.evidence import Ledger, ledger_path, verify
from isofront.evidence.rejects import RejectStore, forget_rows
from isofront.evidence.report import Link, Reject

N = 12


@pytest.fixture
def filled(tmp_path, report, offered, now):
    """The path of a ledger with a dozen reports, a retraction and a redaction."""
    path = ledger_path(tmp_path)
    with Ledger.open(path, create=True) as ledger:
        reports = [report(f"r-{n}", lon=20.1 + n / 20) for n in range(N)]
        ledger.take([offered(one) for one in reports], correct=False, now=now)
        ledger.retract("r-3", "old video", now=now)
        ledger.redact("r-5", "asked by the source", now=now)
    return path


def change(path, sql, *values):
    connection = apsw.Connection(str(path))
    connection.execute(sql, values)
    connection.close()


def test_an_untouched_ledger_verifies(filled):
    verdict = verify(filled)
    assert (verdict.holds, verdict.count, verdict.redacted) == (True, N + 2, 1)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("DELETE FROM payload WHERE n = 8", "ledger line 8: its bytes are gone and no redaction says so"),
        ("DELETE FROM chain WHERE n = 8", "ledger line 8 is missing"),
    ],
)
def test_a_report_that_was_taken_out_stops_what_would_count_without_it(filled, sql, said):
    with Ledger.open(filled) as ledger:
        assert len(ledger.reports()) == N - 2
    change(filled, sql)
    with Ledger.open(filled) as ledger, pytest.raises(IntegrityError, match=said):
        ledger.reports()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_flipped_byte_of_a_line_or_its_bytes_is_named(filled, data):
    table, column = data.draw(
        st.sampled_from(
            [("chain", "line"), ("chain", "hash"), ("payload", "body"), ("payload", "raw"), ("payload", "salt")]
        )
    )
    n = data.draw(st.sampled_from([n for n in range(1, N + 1) if n != 6]))
    connection = apsw.Connection(str(filled))
    ((whole,),) = connection.execute(f"SELECT {column} FROM {table} WHERE n = ?", (n,)).fetchall()
    at = data.draw(st.integers(0, len(whole) - 1))
    flipped = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    connection.execute(f"UPDATE {table} SET {column} = ? WHERE n = ?", (flipped, n))
    verdict = verify(filled)
    connection.execute(f"UPDATE {table} SET {column} = ? WHERE n = ?", (whole, n))
    connection.close()
    assert not verdict.holds
    assert verdict.first_bad == n


def test_a_line_taken_out_of_the_middle_is_named(filled):
    change(filled, "DELETE FROM chain WHERE n = 4")
    assert verify(filled).first_bad == 4


def test_two_lines_swapped_are_noticed(filled):
    change(filled, "UPDATE chain SET n = CASE n WHEN 2 THEN -3 ELSE -2 END WHERE n IN (2, 3)")
    change(filled, "UPDATE chain SET n = -n WHERE n < 0")
    assert verify(filled).first_bad == 2


def test_bytes_taken_away_without_a_redaction_are_named(filled):
    change(filled, "DELETE FROM payload WHERE n = 7")
    assert verify(filled).first_bad == 7


def test_a_lost_tail_shows_only_against_a_head_kept_elsewhere(tmp_path, report, offered, now):
    filled = ledger_path(tmp_path)
    with Ledger.open(filled, create=True) as ledger:
        ledger.take([offered(report(f"r-{n}", lon=20.1 + n / 20)) for n in range(N)], correct=False, now=now)
    head = verify(filled).head
    change(filled, "DELETE FROM chain WHERE n > 10")
    assert verify(filled).first_bad == 11
    change(filled, "DELETE FROM payload WHERE n > 10")
    assert verify(filled).holds
    lost = verify(filled, head=head)
    assert not lost.holds
    assert "cut off" in lost.fault


def test_a_head_from_before_later_lines_is_fine_and_placed(filled, report, offered, now):
    head = verify(filled).head
    with Ledger.open(filled, write=True) as ledger:
        ledger.take([offered(report("later", lon=20.95))], correct=False, now=now)
    verdict = verify(filled, head=head.upper())
    assert (verdict.holds, verdict.head_at, verdict.count) == (True, N + 2, N + 3)


def test_a_head_that_is_no_hash_is_refused(filled):
    with pytest.raises(UsageError, match="64 hex digits"):
        verify(filled, head="abc")


def test_a_lost_redaction_is_noticed_by_the_bytes_it_destroyed(filled):
    change(filled, "DELETE FROM chain WHERE n > 12")
    change(filled, "DELETE FROM payload WHERE n > 12")
    assert verify(filled).first_bad == 6


def test_changed_bytes_are_never_read_as_evidence(filled):
    change(filled, "UPDATE payload SET body = replace(body, '45.3', '45.4') WHERE n = 2")
    with Ledger.open(filled) as ledger, pytest.raises(IntegrityError, match="line 2: its bytes were changed"):
        ledger.reports()


def test_a_damaged_file_is_an_integrity_error(filled):
    content = bytearray(filled.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    filled.write_bytes(content)
    assert not verify(filled).holds
    with pytest.raises(IntegrityError), Ledger.open(filled) as ledger:
        ledger.reports()


def test_the_chain_itself_holds_nothing_sensitive(filled):
    connection = apsw.Connection(str(filled))
    lines = b"".join(bytes(line) for (line,) in connection.execute("SELECT line FROM chain"))
    connection.close()
    for secret in (b"20.", b"45.", b"mill", b"alpha", b"r-1", b"video", b"asked"):
        assert secret not in lines


@pytest.mark.slow
def test_redaction_leaves_no_byte_of_the_report_on_disk(tmp_path, report, offered, now):
    path = ledger_path(tmp_path)
    secrets = (b"20.54321", b"45.12345", b"the baker's cellar", b"example.org/secret", b"hunter-77")
    one = report(
        "hunter-77", lon=20.54321, lat=45.12345, note="the baker's cellar", links=(Link("https://example.org/secret"),)
    )
    with Ledger.open(path, create=True) as ledger:
        ledger.take([offered(report(f"r-{n}", lon=20.1 + n / 2000)) for n in range(400)], correct=False, now=now)
        ledger.take([offered(one)], correct=False, now=now)
        ledger.take(
            [offered(report("hunter-77", lon=20.54321, note="the baker's cellar, again"))], correct=True, now=now
        )
        ledger.retract("hunter-77", "names the baker's cellar", now=now)
        ledger.take([offered(report(f"s-{n}", lon=20.4 + n / 2000)) for n in range(400)], correct=False, now=now)
        done = ledger.redact("hunter-77", "asked by the source", now=now)
        left = [secret for secret in secrets for file in tmp_path.iterdir() if secret in file.read_bytes()]
        assert (done.payloads, left) == (3, [])
        assert "hunter-77" not in {each.id for each in ledger.reports()}
        again = ledger.take([offered(one)], correct=True, now=now)
        assert (again.added, again.corrections, again.duplicates) == (0, 0, 1)
        assert ledger.redact("hunter-77", "once more", now=now).before
    assert verify(path).holds


def test_redaction_reaches_the_rejected_rows_too(tmp_path):
    with RejectStore(tmp_path, "f.csv") as store:
        store.add(Reject("f.csv", 2, "id", "other content"), report_id="x", raw=b"x,20.54321")
        store.add(Reject("f.csv", 3, "id", "other content"), report_id="y", raw=b"y,20.6")
        store.finish("0" * 64)
    assert forget_rows(tmp_path, "x") == 1
    kept = (tmp_path / "rejects.ndjson").read_text(encoding="utf-8")
    assert "20.54321" not in kept
    assert "20.6" in kept


@pytest.mark.parametrize("table", ["chain", "payload", "names", "traces", "tombstones"])
def test_a_table_that_is_gone_is_damage_whoever_asks(filled, table):
    change(filled, f"DROP TABLE {table}")
    with pytest.raises(IntegrityError, match=f"no table {table}"):
        verify(filled)
    with pytest.raises(IntegrityError, match=f"no table {table}"):
        Ledger.open(filled, write=True)
