"""Imagery under the map: off by default, one exact host while it is on, local files in three formats, bad ones said."""

from __future__ import annotations

import gzip
import json
import sqlite3
import struct

import numpy as np
import pytest
import rasterio
from desk_war import make_war
from rasterio.io import MemoryFile
from rasterio.transform import from_bounds

from isofront.desk.backgrounds import checked_address, origins_of, scheme_of, urls_of
from isofront.desk.tiles import open_tiles, picture_kind
from isofront.desk.tiles_pmtiles import HEADER, tile_number
from isofront.errors import BadInputError, UsageError

AT = (8, 135, 86)
"""The tile that the war lies in."""
SOMEWHERE = from_bounds(0, 0, 1, 1, 256, 256)
OSM = "https://tiles.example/{z}/{x}/{y}.png"

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")  # reading PNG back


def picture(shade: int) -> bytes:
    with MemoryFile() as memory:
        with memory.open(driver="PNG", width=256, height=256, count=3, dtype="uint8", transform=SOMEWHERE) as file:
            file.write(np.full((3, 256, 256), shade, "uint8"))
        return bytes(memory.read())


def shade_of(content: bytes) -> int:
    with MemoryFile(content) as memory, memory.open() as file:
        return int(file.read(1)[128, 128])


def mbtiles(path, *, kind="png", tiles=((*AT, 90),)):
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        file.execute("CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)")
        told = {"name": "Flown in May", "format": kind, "bounds": "10,50,10.4,50.2", "attribution": "ours"}
        file.executemany("INSERT INTO metadata VALUES (?, ?)", told.items())
        file.executemany(
            "INSERT INTO tiles VALUES (?, ?, ?, ?)",
            [(z, x, (1 << z) - 1 - y, picture(shade)) for z, x, y, shade in tiles],
        )
    return path


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def directory(entries):
    """Entries (id, run, length, offset) as PMTiles writes them."""
    last, out = 0, [varint(len(entries))]
    for one, *_ in entries:
        out.append(varint(one - last))
        last = one
    for place in (1, 2):
        out += [varint(entry[place]) for entry in entries]
    return gzip.compress(b"".join([*out, *(varint(entry[3] + 1) for entry in entries)]), mtime=0)


def pmtiles(path, *, tiles=((*AT, 90),), tile_kind=2, version=3, leaves=False):
    data, entries = b"", []
    for z, x, y, shade in sorted(tiles, key=lambda one: tile_number(*one[:3])):
        content = picture(shade)
        entries.append((tile_number(z, x, y), 1, len(content), len(data)))
        data += content
    inner = directory(entries)
    root = directory([(entries[0][0], 0, len(inner), 0)]) if leaves else inner
    words = gzip.compress(json.dumps({"name": "Flown in June"}).encode(), mtime=0)
    leaf = inner if leaves else b""
    at = [127, 127 + len(root)]
    at += [at[1] + len(words), at[1] + len(words) + len(leaf)]
    zooms = [z for z, *_ in tiles]
    head = HEADER.pack(
        b"PMTiles", version, at[0], len(root), at[1], len(words), at[2], len(leaf), at[3], len(data), len(tiles),
        len(entries), len(entries), 1, 2, 1, tile_kind, min(zooms), max(zooms), 100000000, 500000000, 104000000,
        502000000, 8, 0, 0,
    )  # fmt: skip
    path.write_bytes(head + root + words + leaf + data)
    return path


def geotiff(path, *, bands=3, kind="uint8", shade=90, crs="EPSG:4326", size=512, **more):
    with rasterio.open(
        path, "w", driver="GTiff", width=size, height=size, count=bands, dtype=kind, crs=crs,
        transform=from_bounds(10, 50, 10.4, 50.2, size, size), **more,
    ) as file:  # fmt: skip
        made = np.full((bands, size, size), shade, kind)
        if kind != "uint8":
            made[:, : size // 2] = shade * 3
        file.write(made)
    return path


# Files


def test_tiles_are_numbered_along_the_curve_as_the_format_says():
    assert [tile_number(0, 0, 0), tile_number(1, 0, 0), tile_number(1, 0, 1), tile_number(1, 1, 1)] == [0, 1, 2, 3]
    assert (tile_number(1, 1, 0), tile_number(2, 0, 0), tile_number(12, 3423, 1763)) == (4, 5, 19078479)
    whole = {tile_number(4, x, y) for x in range(16) for y in range(16)}
    assert whole == set(range(85, 85 + 256))


@pytest.mark.parametrize("make", [mbtiles, pmtiles, lambda path: pmtiles(path, leaves=True)])
def test_a_file_of_tiles_gives_each_where_it_lies_and_none_where_there_is_none(tmp_path, make):
    tiles = open_tiles(make(tmp_path / "a"))
    assert shade_of(tiles.tile(*AT)) == 90
    assert (tiles.min_zoom, tiles.max_zoom, tiles.bounds) == (8, 8, (10.0, 50.0, 10.4, 50.2))
    z, x, y = AT
    for other in (
        (z, x + 1, y),
        (z, x, y + 1),
        (z, x, (1 << z) - 1 - y),
        (z - 1, x // 2, y // 2),
        (z + 1, 2 * x, 2 * y),
    ):
        assert tiles.tile(*other) is None


def test_many_tiles_in_a_file_are_told_apart(tmp_path):
    some = [(3, x, y, 8 * x + y) for x in range(8) for y in range(8)]
    for tiles in (open_tiles(pmtiles(tmp_path / "p", tiles=some)), open_tiles(mbtiles(tmp_path / "m", tiles=some))):
        assert all(shade_of(tiles.tile(3, x, y)) == 8 * x + y for x in range(8) for y in range(8))


@pytest.mark.parametrize("crs", ["EPSG:4326"])
@pytest.mark.parametrize(("bands", "kind"), [(3, "uint8"), (1, "uint8"), (4, "uint8"), (3, "uint16"), (1, "float32")])
def test_a_geotiff_is_warped_into_tiles(tmp_path, bands, kind, crs):
    tiles = open_tiles(geotiff(tmp_path / "a.tif", bands=bands, kind=kind, crs=crs))
    z, x, y = 11, 1082, 693
    content = tiles.tile(z, x, y)
    assert picture_kind(content) == "image/png"
    with MemoryFile(content) as memory, memory.open() as file:
        rgba = file.read()
    assert rgba.shape == (4, 256, 256)
    if kind == "uint8":
        assert rgba[0, 128, 128] == 90
    assert tiles.tile(z, 0, 0) is None


def test_a_geotiff_in_metres_lies_where_it_lies(tmp_path):
    path = tmp_path / "m.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=300, height=300, count=3, dtype="uint8", crs="EPSG:32632",
        transform=from_bounds(580_000, 5_540_000, 610_000, 5_560_000, 300, 300),
    ) as file:  # fmt: skip
        file.write(np.full((3, 300, 300), 70, "uint8"))
    tiles = open_tiles(path)
    assert tiles.bounds == pytest.approx((10.12, 50.0, 10.54, 50.19), abs=0.02)
    assert shade_of(tiles.tile(11, 1083, 693)) == 70


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.write_bytes(b"no imagery at all, only words"), "not imagery"),
        (lambda path: path.write_bytes(b""), "not imagery"),
        (lambda path: mbtiles(path, kind="pbf"), "wanted pictures"),
        (lambda path: mbtiles(path, tiles=()), "holds no tiles"),
        (lambda path: path.write_bytes(b"SQLite format 3\x00" + b"x" * 400), "cannot be read as MBTiles"),
        (lambda path: pmtiles(path, tile_kind=1), "holds no pictures"),
        (lambda path: pmtiles(path, version=2), "version 2"),
        (lambda path: path.write_bytes(b"PMTiles\x03" + b"\xff" * 119), "holds no pictures|not there|damaged"),
        (lambda path: path.write_bytes(b"PMTiles\x03"), "not there"),
        (lambda path: path.write_bytes(b"II*\x00" + b"\x00" * 90), "cannot be read as a GeoTIFF"),
        (lambda path: geotiff(path, crs=None), "where it lies"),
        (lambda path: geotiff(path, size=6400, bands=1, compress="deflate"), "without overviews"),
    ],
)
def test_bad_imagery_is_said_when_it_is_told_of(tmp_path, make, said):
    path = tmp_path / "bad"
    make(path)
    with pytest.raises(BadInputError, match=said):
        open_tiles(path)


def test_imagery_damaged_within_is_an_error_of_that_tile(tmp_path):
    path = pmtiles(tmp_path / "a", leaves=True)
    whole = bytearray(path.read_bytes())
    at = struct.unpack_from("<Q", whole, 8 + 8 * 4)[0]
    whole[at : at + 12] = b"\x00" * 12
    path.write_bytes(whole)
    with pytest.raises(BadInputError, match="damaged"):
        open_tiles(path).tile(*AT)
    with pytest.raises(BadInputError, match="no PNG"):
        picture_kind(b"<script>")


# Addresses


def test_an_address_is_read_with_its_servers_and_wmts_words():
    assert origins_of(checked_address("https://{s}.tiles.example/{z}/{x}/{y}")) == tuple(
        f"https://{one}.tiles.example" for one in "abc"
    )
    assert urls_of("https://t{switch:1,2}.example/{z}/{x}/{-y}") == [
        "https://t1.example/{z}/{x}/{y}", "https://t2.example/{z}/{x}/{y}",
    ]  # fmt: skip
    assert scheme_of("https://x.example/{z}/{x}/{-y}") == "tms"
    wmts = checked_address("https://w.example/wmts?LAYER=a&TileMatrix={TileMatrix}&TileRow={TileRow}&TileCol={TileCol}")
    assert wmts.endswith("TileMatrix={z}&TileRow={y}&TileCol={x}")
    assert origins_of(checked_address("http://192.168.0.7:8080/{z}/{x}/{y}")) == ("http://192.168.0.7:8080",)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://tiles.example/{z}/{x}/{y}", "wanted https"),
        ("ftp://tiles.example/{z}/{x}/{y}", "names no server"),
        ("https://tiles.example/map.png", "wanted one with"),
        ("https://tiles.example/{z}/{x}/{y}/{key}", "{key} is not known"),
        ("https://w.example/wmts?request=GetCapabilities", "list of layers"),
        ("https://a b.example/{z}/{x}/{y}", "names no server"),
        ("https://a.example\n/{z}/{x}/{y}", "names no server"),
        ("https://x.example; script-src *//{z}/{x}/{y}", "names no server"),
        ("https://*.example/{z}/{x}/{y}", "names no server"),
        ("https://user:secret@tiles.example/{z}/{x}/{y}", "names no server"),
        ("https://tiles.example:99999/{z}/{x}/{y}", "no port"),
    ],
)
def test_an_address_that_is_none_or_would_be_seen_on_the_way_is_refused(address, said):
    with pytest.raises(UsageError, match=said.replace("{", r"\{").replace("*", r"\*")):
        checked_address(address)


# The desk


@pytest.fixture
def desk(tmp_path, desk_at):
    return desk_at(make_war(tmp_path / "war", n_reports=0))


def policy_of(desk):
    return desk.ask("GET", "/")[1]["content-security-policy"]


def test_nothing_is_on_and_no_host_is_named_until_the_user_turns_one_on(desk):
    before = policy_of(desk)
    assert "http" not in before
    told = desk.post("/api/backgrounds", {"address": OSM, "name": "Streets"})
    assert (desk.get("/api/backgrounds")["shown"], policy_of(desk)) == (None, before)
    assert desk.post("/api/backgrounds/shown", {"id": told["id"]}, method="PUT") == {
        "shown": told["id"],
        "reload": True,
    }
    assert policy_of(desk) == before.replace("blob:;", "blob: https://tiles.example;").replace(
        "worker-src blob: https://tiles.example", "worker-src blob:"
    )
    assert desk.post("/api/backgrounds/shown", {"id": None}, method="PUT") == {"shown": None, "reload": True}
    assert policy_of(desk) == before


def test_what_is_on_is_off_again_when_the_desk_is_opened_anew(tmp_path, desk_at):
    folder = make_war(tmp_path / "war", n_reports=0)
    first = desk_at(folder)
    told = first.post("/api/backgrounds", {"address": OSM})
    first.post("/api/backgrounds/shown", {"id": told["id"]}, method="PUT")
    second = desk_at(folder)
    found = second.get("/api/backgrounds")
    assert ([one["id"] for one in found["backgrounds"]], found["shown"]) == ([told["id"]], None)
    assert "http" not in policy_of(second)


def test_a_local_file_names_no_host_and_its_tiles_come_while_it_is_shown(desk, tmp_path):
    path = mbtiles(tmp_path / "may.mbtiles")
    told = desk.post("/api/backgrounds", {"address": str(path)})
    assert (told["kind"], told["host"], told["name"], told["credit"]) == ("mbtiles", None, "Flown in May", "ours")
    address = "/background/{}/{}/{}/{}".format(told["id"], *AT)
    assert desk.ask("GET", address)[0] == 404
    assert desk.post("/api/backgrounds/shown", {"id": told["id"]}, method="PUT")["reload"] is False
    assert "http" not in policy_of(desk)
    status, headers, content = desk.ask("GET", address)
    assert (status, headers["content-type"], shade_of(content)) == (200, "image/png", 90)
    assert desk.ask("GET", address.replace("/86", "/87"))[0] == 204
    assert desk.ask("POST", address, {})[0] == 405


@pytest.mark.parametrize("rest", ["8/135/86/1", "8/135", "8/-1/86", "99/1/1", "8/135/9999", "8/1_0/86", "../../etc"])
def test_addresses_of_no_tile_are_not_found(desk, tmp_path, rest):
    told = desk.post("/api/backgrounds", {"address": str(mbtiles(tmp_path / "a"))})
    desk.post("/api/backgrounds/shown", {"id": told["id"]}, method="PUT")
    assert desk.ask("GET", f"/background/{told['id']}/{rest}")[0] == 404


def test_tiles_are_behind_the_same_walls_as_the_page(desk, tmp_path):
    told = desk.post("/api/backgrounds", {"address": str(mbtiles(tmp_path / "a"))})
    desk.post("/api/backgrounds/shown", {"id": told["id"]}, method="PUT")
    address = "/background/{}/{}/{}/{}".format(told["id"], *AT)
    assert desk.ask("GET", address, cookie=None)[0] == 401
    assert desk.ask("GET", address, origin="https://elsewhere.example")[0] == 403
    assert desk.ask("GET", address, sec_fetch_site="cross-site")[0] == 403
    assert desk.ask("GET", address, host="evil.example")[0] == 421


def test_a_file_that_went_away_is_said_and_can_be_removed(desk, tmp_path):
    path = mbtiles(tmp_path / "a.mbtiles")
    told = desk.post("/api/backgrounds", {"address": str(path)})
    path.unlink()
    (one,) = desk.get("/api/backgrounds")["backgrounds"]
    assert "No such file" in one["fault"]
    desk.post(f"/api/backgrounds/{told['id']}", method="DELETE")
    assert desk.get("/api/backgrounds")["backgrounds"] == []
    assert desk.ask("POST", "/api/backgrounds", {"address": str(path)})[0] == 422


def test_the_list_is_for_its_owner_alone(desk, tmp_path):
    desk.post("/api/backgrounds", {"address": f"{OSM}?key=secret"})
    assert (tmp_path / "war" / "desk" / "backgrounds.json").stat().st_mode & 0o077 == 0
