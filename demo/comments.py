"""What people wrote: several comments for each row of the two processes, and notes."""

from collections.abc import Mapping, Sequence

from domain.process import ClientReason

OF_ROW: Mapping[int, Sequence[str]] = {
    1: (
        "From the client's list of machines, autumn",
        "From the client's list of machines, second part",
        "Ordered by phone, the contract is signed",
    ),
    2: (
        "The client postpones this one to the next season",
        "Sold in spring, nothing to install for now",
        "On lease, the owner has to agree first",
    ),
    3: (
        "Listed twice, this machine does not exist",
        "Scrapped years ago, was left in the client's list by mistake",
    ),
    4: (
        "Terminal, antenna and two fuel probes installed, power taken after the fuse",
        "All mounted and calibrated, the driver was shown the button",
        "Installed under the dashboard, sealed; the level shows 212 l, as the gauge does",
        "Done. CAN connected, ignition and fuel checked on a round through the yard",
    ),
    5: (
        "The client wants it after all, before the harvest",
        "The owner agreed, back on the list",
        "Bought back, to be installed with the rest",
    ),
    6: (
        "The antenna lies under metal, no position for an hour. Has to be moved",
        "The probe is not sealed, please do it again",
        "Ignition is wired to the permanent plus: the machine is always on",
    ),
    7: (
        "Fuel and position are right",
        "Checked for a day: position, ignition and level come as they should",
        "Two trips compared with the waybills, all fits",
        "Everything comes in, the calibration table is entered",
    ),
    8: (
        "The battery is switched off every night: please leave the terminal on permanent power",
        "The tank leaks at the probe's flange, please have it welded",
        "The driver took the fuse out. Please put it back and tell him why it is there",
    ),
    9: (
        "The position jumps while standing, the antenna has to be looked at",
        "No data since the washing, please check the plug",
    ),
    10: ("All works", "Works well, thank you", "Level and trips are right, we take it over"),
    11: (
        "The level shows 40 l more than there is",
        "It is not seen on the map in the yard",
        "The cable hangs loose under the seat",
    ),
    12: (
        "The same jumps in the level as before the repair",
        "Still no data in the evening",
        "The second tank is missing again",
    ),
    13: (
        "Accepted by phone, the client is satisfied",
        "The 8 days are over; checked once more, all is right",
        "The dispatcher confirmed by letter",
    ),
    14: (
        "The client complains of a wrong engine time, to be looked into",
        "Trips break off at the river, has to be completed",
    ),
    15: (
        "The client has welded the flange, checked on site",
        "Permanent power is there now, look at it again",
    ),
    16: ("We put the fuse back and told the driver", "The battery switch is bridged, as you asked"),
    17: (
        "In the hall for the winter",
        "Stands without an engine, the client does not use it",
        "No driver at present, parked",
    ),
    19: (
        "No data since Monday, though the machine works",
        "The level jumps by 60 l while driving",
        "Position frozen in the yard, the machine was seen on the field",
    ),
    20: (
        "The client orders a temperature sensor",
        "Wants a second fuel probe in the left tank",
        "Wants a driver's card reader, offer accepted",
    ),
    21: ("Rented out until further notice, not to be shown", "Invoice unpaid, blocked as agreed"),
    22: ("Back in work", "Repaired, drives again", "The season has begun, in operation"),
    23: (
        "SIM had no balance; paid, data come again",
        "Configuration sent anew, nothing else was wrong",
        "No fault found in two days of watching",
    ),
    24: (
        "Fuel level jumps, replace the sensor",
        "Cable worn through at the joint, has to be renewed",
        "The antenna is broken off, a new one is needed",
        "Terminal restarts on every bump, check the plug and the fuse",
    ),
    25: (
        "Probe taken off, goes to the workshop",
        "Terminal taken off, its housing is cracked",
        "Sensor removed, the new one arrives on Thursday",
    ),
    26: (
        "Sensor replaced, calibrated",
        "New cable drawn, fixed and sealed",
        "Antenna replaced, 14 satellites",
        "Fuse holder renewed, drove a round with it",
    ),
    27: ("The repaired probe is on site", "A replacement terminal is back on the machine"),
    28: (
        "Probe back in, sealed and calibrated",
        "Replacement terminal mounted and configured",
        "Put together again, level and ignition are right",
    ),
    29: ("Paid, the sensor is in stock: please install", "Approved by the client, go on"),
    30: (
        "The level is smooth again",
        "Two days without a gap, the work is right",
        "Checked: new equipment reports",
    ),
    31: (
        "The new probe is right; the tank is deformed and has to be replaced by the client",
        "Works, but the client's generator sends 32 V: please have the regulator repaired",
    ),
    32: ("Still jumps at half a tank, please look again", "The new sensor is not in the calibration table"),
    33: ("Paid, unblocked", "The rent is over, back in work"),
    34: ("Stood for weeks: look at it before it works again", "After the block no data come"),
    35: ("Sold abroad, terminal taken back", "Burnt out, written off with the client's letter"),
}  # fmt: skip

OF_REASON: Mapping[ClientReason, Sequence[str]] = {
    ClientReason.NOT_IN_USE: ("Not needed until spring", "No work for it at present"),
    ClientReason.BREAKDOWN: ("No fuel level on the screen since yesterday", "It is not on the map any more"),
    ClientReason.ADDITIONAL_EQUIPMENT: ("We want a probe in the second tank", "Please add a driver's card"),
    ClientReason.BLOCK: (
        "Given to another company until autumn, please block",
        "Please block, it is pledged",
    ),
}

SEEN_AGAIN = "Seen in operation: ignition on, 4.2 km driven"
"""What telemetry writes itself."""

NOTES: Sequence[str] = (
    "The key is with the guard at the second gate",
    "Call an hour ahead, the machine is on the field until six",
    "The driver is back on Monday",
    "Only at night, it works in two shifts",
    "Photos of the old cable are with the workshop",
    "A part is on order, three days",
    "Asked the client again, waiting for the answer",
    "A ladder is needed, the antenna sits on the roof",
)

OF_CLIENT_ROW: Mapping[int, Sequence[str]] = {
    1: ("From the fair in Kyiv, business card of the chief engineer",),
    2: ("Called: they look for fuel control on all machines",),
    3: ("Not now, they have bought another system this year",),
    4: ("Met the director, an offer is being written",),
    5: ("Three machines for a test of a month",),
    6: ("The test went well: 11 % less fuel. The contract is at their lawyer",),
    7: ("The test showed nothing that they miss",),
    8: ("Contract signed, the list of machines is here",),
    9: ("All machines of the first part are green",),
    10: ("They end the contract at the end of the month, machines sold",),
    11: ("They went to a cheaper one",),
    12: ("Called by themselves: the cheaper one does not calibrate tanks",),
    13: ("A new director, wants to hear the offer again",),
}
