"""The weather file: what simulate writes, what Open-Meteo writes, and what is no weather."""

from __future__ import annotations

from datetime import date

import pytest

from isofront.errors import BadInputError
from isofront.theatre import weather_of

OPEN_METEO = """latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation
48.3,37.2,180.0,0,GMT,GMT

time,cloud_cover_mean (%),wind_speed_10m_max (m/s),precipitation_sum (mm)
2025-11-04,97,10.0,4.2
2025-11-05,,5,
"""


def test_open_meteos_daily_archive_is_read_as_it_comes_with_its_units():
    days = weather_of(OPEN_METEO, name="w.csv")
    assert list(days) == [date(2025, 11, 4), date(2025, 11, 5)]
    first, second = days.values()
    assert (first.cloud_percent, first.rain_mm, first.sees) == (97.0, 4.2, None)
    assert first.wind_kmh == pytest.approx(36.0)
    assert (second.cloud_percent, second.rain_mm) == (None, None)


def test_what_simulate_writes_is_read():
    days = weather_of("date,drones_see,note\n2021-03-01,1,SIMULATED\n2021-03-02,0,SIMULATED\n", name="w.csv")
    assert [one.sees for one in days.values()] == [1.0, 0.0]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "no header line"),
        ("date,mood\n2025-01-01,fine\n", "no header line"),
        ("date,drones_see\nyesterday,1\n", "row 2: date 'yesterday'"),
        ("date,drones_see\n2025-01-01,often\n", "row 2: sees 'often'"),
        ("date,drones_see\n2025-01-01,7\n", "wanted 0 to 1"),
        ("date,precipitation_sum\n2025-01-01,inf\n", "wanted 0 to 2000"),
        ('date,drones_see\n"' + "x" * 200_000, "w.csv: "),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_row(text, fault):
    with pytest.raises(BadInputError, match=fault):
        weather_of(text, name="w.csv")
