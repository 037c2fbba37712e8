"""The machines: numbers, names, plates, places and contacts, all invented."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from demo.company import AGRO, AQUA, BUILD, LOGISTICS, TIMBER

_TO_CYRILLIC = str.maketrans("ABCEHIKMOPTX", "АВСЕНІКМОРТХ")  # noqa: RUF001  # look-alikes on purpose
_PLATE_LETTERS = "ABCEHIKMOPTX"
_VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
_TYPE_CODE = "86305100"


@dataclass(frozen=True, slots=True)
class Machine:
    """What stands on an object's card before anything has happened to it."""

    client: str
    number: str
    name: str
    plate: str
    vin: str
    address: str
    latitude: float
    longitude: float
    contact: str
    terminal: str


@dataclass(frozen=True, slots=True)
class _Place:
    address: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class _Fleet:
    rolling: tuple[str, int, Sequence[str]]  # letter of the numbers, how many, names
    standing: tuple[str, int, Sequence[str]]
    places: Sequence[_Place]
    contacts: Sequence[str]


_PUMPS = ("Fuel pump", "Fuel tank 20 m³", "Generator 60 kW", "Tank on wheels", "Grain dryer")
FLEETS: Mapping[str, _Fleet] = {
    AGRO: _Fleet(
        ("T", 48, (
            "John Deere 8R", "Loader", "Claas Lexion 770", "MAN TGX", "Case Puma 210", "Sprayer Amazone",
            "New Holland T8", "Manitou MLT 840", "DAF XF 480", "Fendt 942",
        )),
        ("K", 12, _PUMPS),
        (
            _Place("Farm yard, Stepova 4, Bila Tserkva", 49.796, 30.131),
            _Place("Elevator, Zaliznychna 18, Rokytne", 49.688, 30.475),
            _Place("Field camp 3, Uzyn", 49.829, 30.421),
        ),
        ("Mykola, mechanic, +380 00 410 1177", "Hanna, dispatcher, +380 00 410 1102"),
    ),
    LOGISTICS: _Fleet(
        ("D", 34, ("Scania R450", "Volvo FH 500", "Mercedes Actros", "DAF XF 530", "Refrigerator Krone")),
        ("P", 6, ("Fuel pump", "Fuel tank 10 m³", "Generator 100 kW")),
        (
            _Place("Depot, Naberezhna 112, Dnipro", 48.474, 35.021),
            _Place("Terminal South, Kosmichna 9, Dnipro", 48.415, 35.053),
        ),
        ("Shift leader, +380 00 562 2040", "Serhii, fleet, +380 00 562 2051"),
    ),
    BUILD: _Fleet(
        ("B", 40, (
            "CAT 320 excavator", "JCB 3CX", "Tower crane Liebherr", "Komatsu D65", "Concrete mixer MAN",
            "Bomag roller", "Dumper Tatra",
        )),
        ("G", 5, ("Generator 200 kW", "Compressor Atlas", "Fuel tank 5 m³")),
        (
            _Place("Building site, Holovna 205, Chernivtsi", 48.263, 25.951),
            _Place("Quarry, Kamiana", 48.187, 25.842),
        ),
        ("Foreman Roman, +380 00 372 3304", "Yard, +380 00 372 3300"),
    ),
    TIMBER: _Fleet(
        ("L", 18, ("Ponsse Ergo harvester", "Forwarder Buffalo", "Timber truck KrAZ", "Skidder TAF")),
        ("M", 2, ("Sawmill generator",)),
        (_Place("Sawmill, Lisova 1, Ovruch", 51.324, 28.804),),
        ("Forester Stepan, +380 00 414 4090",),
    ),
    AQUA: _Fleet(
        ("V", 20, ("Vacuum truck Kamaz", "Water cart", "Service van Crafter", "Excavator Mecalac")),
        ("N", 15, ("Pumping station", "Borehole pump", "Chlorine tank", "Emergency generator")),
        (
            _Place("Waterworks, Ozerna 30, Poltava", 49.588, 34.551),
            _Place("Pumping station 6, Poltava", 49.611, 34.507),
        ),
        ("Duty engineer, +380 00 532 5500", "Lidia, supply, +380 00 532 5512"),
    ),
}  # fmt: skip

NAMED: Mapping[tuple[str, str], Mapping[str, str]] = {
    (AGRO, "T-01"): {"name": "Claas Lexion 770"},
    (AGRO, "T-17"): {"name": "John Deere 8R", "plate": "АВ 1234 СЕ"},  # noqa: RUF001  # Cyrillic on purpose
    (AGRO, "T-22"): {"name": "Loader"},
    (AGRO, "K-03"): {"name": "Fuel pump"},
}
"""The machines that the documentation tells of."""


def machines() -> list[Machine]:
    """All 200, the same at every call."""
    random = Random(2026)  # noqa: S311  # a fleet, not a secret
    found: list[Machine] = []
    for client, fleet in FLEETS.items():
        for (letter, count, names), rolls in ((fleet.rolling, True), (fleet.standing, False)):
            for number in range(1, count + 1):
                name = names[(number - 1) % len(names)]
                serial = len(found) + 1
                found.append(_machine(client, fleet, f"{letter}-{number:02}", name, serial, random, rolls))
    return found


def _machine(
    client: str, fleet: _Fleet, number: str, name: str, serial: int, random: Random, rolls: bool
) -> Machine:
    place = random.choice(fleet.places)
    facts = {
        "name": name,
        "plate": _plate(random) if rolls else "",
        **NAMED.get((client, number), {}),
    }
    return Machine(
        client=client,
        number=number,
        **facts,
        vin="".join(random.choices(_VIN_LETTERS, k=17)) if rolls else "",
        address=place.address,
        latitude=round(place.latitude + random.uniform(-0.02, 0.02), 5),
        longitude=round(place.longitude + random.uniform(-0.02, 0.02), 5),
        contact=random.choice(fleet.contacts),
        terminal=imei(serial * 37 + 1200),
    )


def _plate(random: Random) -> str:
    letters = random.choices(_PLATE_LETTERS, k=4)
    plate = f"{letters[0]}{letters[1]} {random.randrange(10000):04} {letters[2]}{letters[3]}"
    # Whoever types a plate mixes both alphabets: the search has to find either.
    return plate.translate(_TO_CYRILLIC) if random.random() < 1 / 3 else plate


def imei(serial: int) -> str:
    """A number of 15 digits whose last one is the check digit, as terminals have it."""
    digits = f"{_TYPE_CODE}{serial:06}"
    doubled = [int(d) * 2 if i % 2 else int(d) for i, d in enumerate(digits)]
    total = sum(d // 10 + d % 10 for d in doubled)
    return f"{digits}{-total % 10}"
