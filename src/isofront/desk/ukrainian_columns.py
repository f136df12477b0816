"""The columns of an evidence row and the fields of the desk's forms, as a Ukrainian page names them."""
# ruff: noqa: E501 - a word and its translation stand side by side

COLUMNS = {
    "act": "дія", "address": "адреса", "as_of": "день", "at": "місце", "by": "редактор", "cells": "клітинки",
    "credibility": "достовірність", "day": "день", "error_m": "похибка", "evidence": "свідчення", "geometry": "обрис",
    "happened_at": "коли сталося", "holder": "чия земля", "id": "номер", "ids": "номери", "kind": "що", "known_at": "коли стало відомо",
    "known_by": "відомо до", "lat": "широта", "location_of": "місце чого", "lon": "довгота", "means": "чим", "note": "примітка", "on": "день",
    "part": "час", "path": "лінія", "posture": "стан", "precision": "точність", "published_at": "коли опубліковано",
    "reason": "причина", "release": "клас оприлюднення", "reliability": "надійність", "roles": "стовпці", "second": "друге ім'я",
    "seen": "кого видно", "site": "тека сайту", "source": "джерело", "step": "крок", "url": "посилання", "verdict": "рішення",
    "weight": "вага", "wkt": "wkt",
}  # fmt: skip
