"""Invented wars whose truth is known; tests, the demo and calibration start here.

In: a course of the front (typed key dates, a procedural preset, or fighting agents), habits of filming and
reporting, a rate and a random generator. Out: reports as sources would give them (`list[Report]`, evidence CSV),
a theatre, an anchor map, and the truth at any time. Every record is SIMULATED. The engine never sees a course.
"""

from isofront.worlds.course import Course, Frames
from isofront.worlds.habits import HABITS, LIKEREAL, TAME, Habits
from isofront.worlds.invented import PRESETS, invented
from isofront.worlds.press import reports_of
from isofront.worlds.rows import evidence_csv
from isofront.worlds.scenario import Scenario
from isofront.worlds.sightings import sightings
from isofront.worlds.story import pokrovsk, pokrovsk_course
from isofront.worlds.truth import coverage, truth_geojson

__all__ = [
    "HABITS",
    "LIKEREAL",
    "PRESETS",
    "TAME",
    "Course",
    "Frames",
    "Habits",
    "Scenario",
    "coverage",
    "evidence_csv",
    "invented",
    "pokrovsk",
    "pokrovsk_course",
    "reports_of",
    "sightings",
    "truth_geojson",
]
