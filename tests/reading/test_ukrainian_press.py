"""Forms of the Ukrainian press, met in articles read for the first time; every sentence here is invented."""

from __future__ import annotations

from datetime import date

import pytest

from isofront.ground.places import Places
from isofront.reading import Bound, Draft, What, read_text

PUBLISHED = date(2025, 11, 12)
CONTEXT = "Бої точаться біля Мирнограда та Добропілля. Родинське лежить поруч.\n\n"
CONTROL = {
    "held": [
        "Родинське контролюється українськими бійцями.",
        "Родинське утримується нашими підрозділами.",
        "Під контролем противника опинилися населені пункти Родинське і ще два хутори.",
        "Родинське перебувало й перебуває під повним контролем бригади.",
    ],
    "partly_held": [
        "Десантники зберігають контроль у північних, східних та західних районах Родинського.",
        "Більша частина руїн Родинського, на жаль, перебуває під контролем ворога.",
    ],
    "partly_liberated": ["Бригада повернула під контроль частину Родинського."],
    "taken": [
        "Президент заявив про взяття під контроль російськими військами міста Родинське.",
        "Окупанти заявили про взяття під контроль Родинського.",
        "Родинське зранку є окупованим.",
    ],
    "partly_taken": ["Штурмовики зайняли квартали на північному заході Родинського."],
    "liberated": [
        "Десантники очистили Родинське від росіян.",
        "Родинське зачищене.",
        "Бригаді вдалося звільнити Родинське.",
        "Бригада відновила контроль над населеним пунктом Родинське.",
    ],
    "lost": [
        "Командування повідомило про відхід підрозділів із Родинського.",
        "Полковник визнав відступ своїх людей із Родинського.",
        "Полковник визнав втрату важливого шахтарського міста Родинське.",
        "Родинське було тилом. Полковник підтвердив вихід підрозділів із цього міста.",
    ],
    "entered": [
        "Штурмовикам вдалося увійти до Родинського.",
        "Малі групи просочуються в Родинське.",
        "Бої тривають безпосередньо в самому Родинському.",
        "Танки прорвалися до центру міста Родинське.",
        "Росіяни продовжують проникати в Родинське.",
    ],
    "not_taken": [
        'Штаб спростував заяви про "захоплення" Родинського.',
        "Ворогу не вдалося захопити Родинське.",
    ],
    "encircled": ["Родинське третій тиждень в облозі."],
    "partly_encircled": ["Родинське опинилося у напівкотлі."],
    "not_encircled": ["Родинське: оточення немає.", "Генштаб: за Родинське йдуть бої, оточення не допущено."],
}
NOTHING = [
    "Командир переконаний, що вибити росіян із Родинського цієї зими не вийде.",
    "Завдання бригади — звільнити Родинське.",
    "Експерт не вірить, що росіяни зможуть захопити Родинське.",
    "Родинське залишається під вогневим контролем бригади.",
    "Від «сірої зони» до Родинського три кілометри.",
    "Бійці чекають наказу про відхід із Родинського.",
    "У Родинському в оточенні сидять до 15 росіян.",
    "Прикрістю стала втрата Родинського лісництва.",
    "Площа окупованої за тиждень землі зросла.",
    "Окупанти взяли два хутори на Харківщині.",
    "Повідомлення Російської Федерації про захоплення кількох міст вигадані.",
    "Найзапекліші бої тривають у районі Родинського.",
    "Командування розглядає захоплення Родинського як головну мету.",
    "Бригада робить усе для звільнення Родинського.",
    "Десантники витіснили росіян з Цегельного заводу.",
    "«Ворог уже заявляв, що окупував Родинське. Це вигадка», – сказав офіцер.",
    "Вороже командування мріє захопити Родинське.",
]
NUMBERS = [
    ("Орієнтовно 30−40% Родинського залишаються під контролем бригади.", (30, 40), Bound.RANGE, "share-held"),
    ("Бригада встановила контроль над 40% Родинського.", 40, Bound.EXACT, "share-held"),
    ("Родинське приблизно на 60% контролюють окупанти.", 60, Bound.ABOUT, "share-held"),
    ("Штурмовики просунулися від 200 м до 900 м.", (200, 900), Bound.RANGE, "distance"),
    ("На одного українського піхотинця в Родинському припадає шість росіян.", 6, Bound.EXACT, "ratio-of-forces"),
    ("Ворог здійснив 11 спроб потіснити оборонців.", 11, Bound.EXACT, "attacks"),
    ("Противник провів 8 наступальних дій.", 8, Bound.EXACT, "attacks"),
    ("Станом на початок 2022 року в Родинському мешкало 9 тисяч людей.", 9000, Bound.EXACT, "residents-before"),
]
SPEAKERS = [
    ("Генштаб оприлюднив зведення.\n\nЗагинули 40 солдатів, йдеться у повідомленні.", None),
    ("Про бої повідомив Генштаб.\n\nЗагинули 40 солдатів, йдеться у повідомленні.", "Генштаб"),
    ("Бригадою командує Олег Марчук. «Загинули 40 солдатів», – цитує видання Марчука.", "Олег Марчук"),
    ("Один із місцевих офіцерів повідомив, що загинули 40 солдатів.", "місцевих офіцерів"),
    (
        'Джерело: командир роти "Грім" майор Олег Марчук із позивним "Лис"\n\nПряма мова: "Загинули 40 солдатів".',
        "Олег Марчук",
    ),
    ("Загинули 40 солдатів на сході Республіки Конго, пише Reuters.", "Reuters"),
    ("Як пише Reuters, загинули 40 солдатів.", "Reuters"),
    ("Генштаб мовчить.\n\n«Загинули 40 солдатів», — зазначає аналітик Олег Марчук.", "Олег Марчук"),
    ("Загинули 40 солдатів, вказав Генштаб.", "Генштаб"),
    ("Загинули 40 солдатів бригади Олега Марчука, пише Reuters.", "Reuters"),
    ('"Загинули 40 солдатів", - сказав речник Олег Марчук.', "Олег Марчук"),
    ("Загинули 40 солдатів.\n\nПро це повідомив речник Олег Марчук.", "Олег Марчук"),
    ("Загинули 40 солдатів, підрахували в DeepState.", "DeepState"),
    ("Загинули 40 солдатів, заявив у п'ятницю речник Олег Марчук.", "Олег Марчук"),
]
PLACES = [
    ("Російські війська зайшли в місто Суджа в Курській області.", "Суджа", 51.2),
    ("На Донеччині обстріляли квартали Часового Яру.", "Часів Яр", 48.6),
    ("Частина російських підрозділів уже в Покровську, визнали українські офіцери.", "Покровськ", 48.3),
    ("Українські військові розповіли про райони Покровська. Російські групи йдуть далі.", "Покровськ", 48.3),
    ("У місті Костянтинівка Донецької області немає води.", "Костянтинівка", 48.5),
    ("Поліція працює в Костянтинівці на Донеччині.", "Костянтинівка", 48.5),
    ("Сирійські повстанці увійшли до Хами.", "Хама", 35.1),
    ("На Харківщині обстріляли околиці Липців і Вовчанська.", "Липці", 50.2),
    ("Бої йдуть на лінії Куп'янськ-Сватове-Кремінна в Україні.", "Сватове", 49.4),
    ("Куп’янськ тримається. До Куп'янська на Харківщині везуть воду.", "Куп'янськ", 49.7),
]


@pytest.fixture(scope="session")
def places() -> Places:
    return Places.load()


def drafts(text: str, places: Places) -> list[Draft]:
    every = read_text(CONTEXT + text, places=places, published=PUBLISHED).drafts
    return [one for one in every if one.start >= len(CONTEXT)]


@pytest.mark.parametrize(("value", "text"), [(value, text) for value, some in CONTROL.items() for text in some])
def test_what_is_said_of_a_place(value: str, text: str, places: Places) -> None:
    some = [one for one in drafts(text, places) if one.what is What.CONTROL]
    assert [(one.value, one.place and one.place.name) for one in some] == [(value, "Родинське")]


@pytest.mark.parametrize("text", NOTHING)
def test_what_says_nothing_of_a_place(text: str, places: Places) -> None:
    assert [one.value for one in drafts(text, places) if one.what is What.CONTROL] == []


@pytest.mark.parametrize(("text", "value", "bound", "about"), NUMBERS)
def test_numbers(text: str, value: float, bound: Bound, about: str, places: Places) -> None:
    some = [one for one in drafts(text, places) if one.what in (What.QUANTITY, What.RATIO)]
    assert (value, bound, about) in [(one.value, one.bound, one.about) for one in some]


@pytest.mark.parametrize(("text", "name"), SPEAKERS)
def test_who_says_it(text: str, name: str | None, places: Places) -> None:
    [killed] = [one for one in drafts(text, places) if one.about == "killed"]
    assert (killed.speaker and killed.speaker.name) == name


@pytest.mark.parametrize(("text", "name", "lat"), PLACES)
def test_a_place_is_found_without_the_company_of_others(text: str, name: str, lat: float, places: Places) -> None:
    some = read_text(text, places=places, published=PUBLISHED).drafts
    found = [one.place for one in some if one.what is What.PLACE and one.place and one.place.name == name]
    assert [round(one.lat, 1) for one in found if one.lat is not None] == [lat]


def test_there_is_the_place_last_spoken_of_even_if_no_gazetteer_knows_it(places: Places) -> None:
    text = "Вигадівка вже тиждень в облозі. Там лишилося 300 жителів."
    [people] = [one for one in drafts(text, places) if one.unit == "people"]
    assert (people.place and people.place.name) == "Вигадівка"


def test_the_name_of_a_group_of_forces_is_no_town(places: Places) -> None:
    text = (
        "Утримуємо позиції, кажуть в угрупованні військ „Курськ“ у Сумській області. Прикордоння Курська під обстрілом."
    )
    some = [one for one in read_text(text, places=places, published=PUBLISHED).drafts if one.what is What.PLACE]
    assert all(text[one.start : one.end] != "Курськ" for one in some)


def test_a_country_or_its_region_is_no_town(places: Places) -> None:
    text = "Повстанці взяли під контроль селище в суданському Дарфурі. Головне місто Судану впало."
    assert [one for one in drafts(text, places) if one.what is What.CONTROL] == []
