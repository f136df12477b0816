# ruff: noqa: E501 - rows of tables are as long as they are
"""A small good file of every feed, written by us to its shape; invented places, sides and events."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime

from isofront.feeds import Feeding, Sides, Wish, open_feed

NOW = datetime(2031, 6, 1, 12, tzinfo=UTC)
GIVEN = {
    "Redland": "red",
    "Bluemark": "blue",
    "Redlandish": "red",
    "Bluemarkish": "blue",
    "Military Forces of Redland*": "red",
    "Military Forces of Bluemark*": "blue",
    "Government of Redland": "red",
    "Government of Bluemark": "blue",
    "#AA0000": "red",
    "#0000BB": "blue",
    "Russia": "red",
    "Ukraine": "blue",
}

GEOCONFIRMED = (
    "\ufeffDate;Name;Faction;Origin;Latitude;Longitude;PlusCode;Description;Source;Geolocation;Equipment;EquipmentItems;"
    "Units;OrbatUnits;Id\n"
    "2031-05-01T00:00:00;;Bluemark;VID;45.310001;20.520001;8GQ28G6C+22;"
    '"Bluemarkish FPV of the 7th Lake Brigade hits a Redlandish soldier";https://t.example/a/1;https://x.example/b/9;;;'
    "7th Lake Brigade;;0b2e\n"
    "2031-05-02T00:00:00;;Redland;VID;45.320001;20.530001;;Redlandish soldiers raise a flag;https://t.example/a/2;;;;;;0b2f\n"
    "2031-05-02T00:00:00;;Redland;VID;45.330001;20.540001;;Camera point of view - smoke;https://t.example/a/3;;;;;;0b30\n"
    "2031-05-03T00:00:00;;Bluemark;VID;45.340001;20.550001;;truck targeted by drone;https://t.example/a/4;;;;;;0b31\n"
)
ACLED = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,actor2,"
    "assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,longitude,"
    "geo_precision,source,source_scale,notes,fatalities,tags,timestamp\n"
    'RED1,01 May 2031,2031,1,Political violence,Battles,Armed clash,Military Forces of Redland (2029-),,State forces,"Military Forces of'
    ' Bluemark (2029-)",,State forces,,,1,R,Redland,A,B,,Town,45.3100,20.5200,1,Paper,National,"On 1 May, people fought.",0,,1\n'
    "RED2,2031-05-02,2031,2,Political violence,Explosions/Remote violence,Air/drone strike,Military Forces of Redland (2029-),,,"
    "Military Forces of Bluemark (2029-),,,,,1,R,Redland,A,B,,Town,45.3101,20.5201,2,Paper,National,Struck.,3,"
    'admiralty-scale:source-reliability="b",1\n'
    "RED3,2031-05-03,2031,1,Political violence,Violence against civilians,Attack,Military Forces of Redland (2029-),,,"
    "Civilians (Bluemark),,,,Civilian targeting,1,R,Redland,A,B,,Town,45.3102,20.5202,1,Paper,National,Jo Doe was hurt.,1,,1\n"
    "RED4,2031-05-03,2031,1,Demonstrations,Protests,Peaceful protest,Protesters (Redland),,,,,,,,1,R,Redland,A,B,,Town,45.3,20.5,1,"
    "Paper,National,March.,0,,1\n"
)
UCDP = (
    "id,year,type_of_violence,conflict_name,dyad_name,side_a,side_b,source_article,where_prec,where_coordinates,adm_1,latitude,"
    "longitude,country,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low\n"
    "501,2031,1,X,Y,Government of Redland,Government of Bluemark,Paper,1,Town,A,45.31001,20.52001,R,1,1,2031-05-01,2031-05-01,2,3,0,0,5,9,3\n"
    "502,2031,1,X,Y,Government of Redland,Government of Bluemark,Paper,2,Town,A,45.31001,20.52001,R,1,3,2031-05-01,2031-05-07,0,1,0,0,1,1,1\n"
    "503,2031,3,X,Y,Government of Redland,Civilians,Paper,1,Town,A,45.31001,20.52001,R,1,1,2031-05-02,2031-05-02,0,0,4,0,4,4,4\n"
    "504,2031,1,X,Y,Government of Redland,Government of Bluemark,Paper,6,R,A,45.3,20.5,R,1,5,2031-01-01,2031-05-01,1,0,0,0,1,1,1\n"
)
VIINA = (
    "viina_version,event_id,event_id_1pd,date,time,geonameid,feature_code,asciiname,ADM1_NAME,ADM1_CODE,ADM2_NAME,ADM2_CODE,longitude,"
    "latitude,GEO_PRECISION,GEO_API,location,address,report_id,source,url,text,lang\n"
    'v1,9001,1,20310501,13:05,7,PPL,Town,A,1,B,2,20.52001,45.31001,ADM3,X,1,a,11,paper,https://news.example/1,"Fight, they say",en\n'
    "v1,9002,2,20310502,00:00,7,PPL,Town,A,1,B,2,20.52001,45.31001,STREET,X,1,a,12,paper,https://news.example/2,Raid,en\n"
    "v1,9003,3,20310502,00:00,7,PPL,Town,A,1,B,2,20.52001,45.31001,ADM1,X,1,a,13,paper,https://news.example/3,Sanctions,en\n"
)
LABELS = (
    "viina_version,event_id,event_id_1pd,date,geonameid,t_mil,t_mil_b,a_rus_b,a_ukr_b,a_rus_init_b,a_ukr_init_b,t_firefight_b,t_control_b,"
    "t_civcas_b,t_san_b\n"
    "v1,9001,1,20310501,7,0.9,1,1,1,1,0,1,0,0,0\n"
    "v1,9002,2,20310502,7,0.9,1,1,0,1,0,0,0,1,0\n"
    "v1,9003,3,20310502,7,0.1,0,0,0,0,0,0,0,0,1\n"
)
VIINA_DAYS = (
    "viina_version,event_id_1pd,date,n_reports,event_ids,sources,geonameid,longitude,latitude,GEO_PRECISION,t_mil_b,a_rus_b,a_ukr_b,"
    "a_rus_init_b,a_ukr_init_b,t_control_b,t_airstrike_b\n"
    'v1,77,20310501,2,"1, 2",paper,7,20.52001,45.31001,ADM3,1,1,0,1,0,1,0\n'
    "v1,78,20310501,1,3,paper,7,20.52001,45.31001,ADM2,1,1,1,1,1,0,1\n"
)
LETTERS = (
    "date,lon,lat,place,type,n_reports,n_urls\n2031-05-01,20.52,45.31,Town,A,1,1\n2031-05-01,20.52,45.31,Town,L,1,1\n"
)
ATLOS = (
    "slug,project,inserted_at,updated_at,latitude,longitude,status,type,impact,description,date,geolocation_resolution,sensitive,tags,"
    "more_info,source_1,source_2\n"
    "LAKE-1,Lake,2031-05-03,2031-05-04,45.3100123,20.5200123,Completed,Military Activity,,Redlandish tank column moving,2031-05-01,Exact,"
    'Not Sensitive,"admiralty-scale:information-credibility=""2""",,https://t.example/1,\n'
    "LAKE-2,Lake,2031-05-03,2031-05-04,45.31,20.52,Completed,Civilian Harm,,A house was hit,2031-05-01,Locality,Not Sensitive,,,,\n"
    "LAKE-3,Lake,2031-05-03,2031-05-04,45.31,20.52,Completed,Military,,Old,2031-05-01,Vicinity,Deceptive or Misleading,,,,\n"
    "LAKE-4,Lake,2031-05-03,2031-05-04,,,Unclaimed,Military,,New,2031-05-01,,Not Sensitive,,,,\n"
)
FIRMS = (
    "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_ti5,frp,daynight,type\n"
    "45.31002,20.52001,330.1,0.39,0.36,2031-05-01,47,N,VIIRS,n,2.0NRT,290.1,2.5,N,0\n"
    "45.31503,20.52501,340.1,0.52,0.50,2031-05-01,1147,N,VIIRS,h,2.0NRT,290.1,5.5,D,0\n"
    "45.31503,20.62501,340.1,0.52,0.50,2031-05-01,1147,N,VIIRS,h,2.0NRT,290.1,5.5,D,2\n"
)
WEATHER = (
    "latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation\n45.3,20.5,100.0,0,GMT,GMT\n\n"
    "time,cloud_cover_mean (%),precipitation_sum (mm),wind_speed_10m_max (m/s),visibility_mean (m)\n"
    "2031-05-01,80,1.5,10,12000\n2031-05-02,20,0.0,5,NaN\n2031-05-03,120,0.0,5,9000\n"
)
HOURS = (
    "time,cloud_cover (%),precipitation (mm)\n2031-05-01T00:00,50,1\n2031-05-01T01:00,100,0.5\n2031-05-02T00:00,0,0\n"
)


def _point(lon: float, lat: float, id_: object, properties: dict[str, object]) -> dict[str, object]:
    return {
        "type": "Feature",
        "id": id_,
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
    }


GEOCONFIRMED_GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        _point(20.520001, 45.310001, "a1", {
            "date": "2031-05-01", "faction": "Bluemark", "origin": "VID", "icon": "/api/icons/0000BB/False/x/10.png",
            "description": "Redlandish position shelled", "source": "https://t.example/a/1", "geolocation": "https://x.example/b/1",
        }),
        _point(20.530001, 45.320001, "a2", {
            "date": "2031-05-02", "faction": "Redland", "origin": "PHO", "icon": "/api/icons/AA0000/True/x/9.png",
            "description": "tank", "source": "https://t.example/a/2", "geolocation": "",
        }),
    ],
}  # fmt: skip
TIMEMAP = [
    {
        "civId": "CIV0001", "date": "05/13/2031", "latitude": "45.310001", "longitude": "20.520001", "location": "Town", "graphic": "TRUE",
        "description": "Jo Doe was hurt at home.", "sources": [{"id": "s1", "path": "https://t.example/1", "description": ""}],
        "associations": [{"key": "Type of area affected", "value": "Residential"}],
    },
    {
        "civId": "CIV0002", "date": "05/03/2031", "latitude": "45.32", "longitude": "20.53", "location": "Town", "graphic": "FALSE",
        "description": "A market was hit.", "sources": [{"id": "s2", "path": "https://t.example/2"}],
    },
]  # fmt: skip
EYES = {
    "type": "FeatureCollection",
    "features": [
        _point(20.520001, 45.310001, 1, {
            "id": "EX1", "verifiedDate": "2031-05-01T00:00:00.000Z", "url": "https://t.example/1", "status": "verified",
            "description": "ENTRY: EX1 Redlandish tanks moving in Town", "categories": ["Redlandish Military Presence"], "city": "Town",
        }),
        _point(20.530001, 45.320001, 2, {
            "id": "EX2", "verifiedDate": "2031-05-02", "url": "https://t.example/2", "status": "verified",
            "description": "Damage in Town", "categories": ["Civilian Infrastructure Damage"], "city": "Town",
        }),
    ],
}  # fmt: skip


def _placemark(name: str, text: str, icon: str, at: str) -> str:
    return (
        f"<Placemark><name><![CDATA[{name}]]></name><description><![CDATA[{text}]]></description>"
        f"<styleUrl>#api/icons/{icon}/template/10.png</styleUrl><Point><coordinates>{at}</coordinates></Point></Placemark>"
    )


_TWICE = _placemark(
    "01 MAY 2031",
    "Redlandish soldier hit by FPV<br>\n\nSource(s):\nhttps://t.example/a/1\n\nGeolocation(s):\nhttps://x.example/b/1"
    "\n\nUnit(s):\nLake Wolves",
    "0000BB/False",
    "20.520001,45.310001,0",
)
KML = (
    '<?xml version="1.0" encoding="utf-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
    "<name>@GeoConfirmed - War</name><Folder><name>A. Legend</name>"
    + _placemark("", "Airbase", "AA0000/False", "20.1,45.1,0")
    + f"</Folder><Folder><name>B. Last 7 days</name>{_TWICE}"
    + _placemark("02 MAY 2031", "Destroyed tank\n\nSource(s):\nhttps://t.example/a/2", "AA0000/True", "20.53,45.32,0")
    + _placemark("03 MAY 2031", "Something\n\nSource(s):\nhttps://t.example/a/3", "123456/False", "20.54,45.33,0")
    + f"</Folder><Folder><name>C. 2031</name>{_TWICE}</Folder></Document></kml>"
)


def kmz(kml: str | bytes = KML) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", kml)
        archive.writestr("images/x.png", b"\x89PNG")
    return held.getvalue()


def zipped(name: str, text: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return held.getvalue()


FILES: dict[str, tuple[str, bytes]] = {
    "geoconfirmed.csv": ("geoconfirmed", GEOCONFIRMED.encode()),
    "geoconfirmed.geojson": ("geoconfirmed", json.dumps(GEOCONFIRMED_GEOJSON).encode()),
    "geoconfirmed.kml": ("geoconfirmed", KML.encode()),
    "geoconfirmed.kmz": ("geoconfirmed", kmz()),
    "acled.csv": ("acled", ACLED.encode()),
    "ucdp.csv": ("ucdp", UCDP.encode()),
    "viina.csv": ("viina", VIINA.encode()),
    "viina-days.csv": ("viina", VIINA_DAYS.encode()),
    "viina-letters.csv": ("viina", LETTERS.encode()),
    "atlos.csv": ("atlos", ATLOS.encode()),
    "firms.csv": ("firms", FIRMS.encode()),
    "timemap.json": ("timemap", json.dumps(TIMEMAP).encode()),
    "eyes.geojson": ("eyes-on-russia", json.dumps(EYES).encode()),
    "weather.csv": ("weather", WEATHER.encode()),
    "hours.csv": ("weather", HOURS.encode()),
}
"""A good file of every feed and shape, by name."""


def wish(**more: object) -> Wish:
    return Wish(**({"sides": Sides(GIVEN), "now": NOW} | more))  # type: ignore[arg-type]


def opened(content: bytes | str, name: str = "f.csv", **more: object) -> Feeding:
    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    return open_feed(stream, file=name, wish=wish(**more))
