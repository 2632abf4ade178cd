# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Who buys what and when, and how they pay: plain data and arithmetic, no ORM."""

from collections import namedtuple
from datetime import timedelta

#: How a customer buys and pays. ``orders`` of about ``value`` (list price) each are
#: spread from ``first`` to ``last`` days ago over the products whose code begins as in
#: ``basket``; ``pays`` are days after the due date (from, to), the last ``unpaid``
#: invoices stay open. ``peak`` are months in which they buy more.
Profile = namedtuple(
    "Profile",
    "customer seller orders value basket pays first last unpaid peak",
    defaults=(405, 3, 0, ()),
)
#: One order of the plan; ``lines`` are (product code, quantity).
PlannedOrder = namedtuple("PlannedOrder", "day profile lines")

SUMMER = (5, 6, 7, 8, 9)
YEAR_END = (10, 11, 12)
#: (month, day) without orders.
HOLIDAYS = {(1, 1), (5, 1), (10, 3), (12, 24), (12, 25), (12, 26), (12, 31)}

PROFILES = [
    Profile("nordlicht", "sabine", 20, 19200, "KT HW RH FG", (-21, -18), peak=SUMMER),
    Profile("heidekrug", "katrin", 16, 17000, "FG KT RH KS", (-20, -17)),
    Profile("klinikum", "sabine", 12, 12400, "RH HW FG KT", (2, 9)),
    Profile("frischepunkt", "sabine", 12, 11300, "FG KT RH", (-4, 3), peak=YEAR_END),
    Profile("elbkrone", "tobias", 11, 8600, "KS FG KT RH", (8, 24), peak=YEAR_END),
    Profile("nordlicht_stadt", "sabine", 10, 8800, "HW RH KT", (-4, 2)),
    Profile("studentenwerk", "sabine", 9, 8900, "FG RH KT", (4, 12), peak=(4, 10, 11)),
    Profile("nordlicht_sylt", "sabine", 7, 5300, "HW KT FG RH", (-3, 6), peak=SUMMER),
    Profile("elbkrone_catering", "tobias", 6, 5100, "KS FG KT", (12, 30), 280, 62, 1),
    Profile("werft", "tobias", 8, 6200, "FG RH KT", (25, 48), 400, 48, 3),
    Profile("hafenquartier", "katrin", 5, 4300, "KS HW RH", (3, 10), 400, 215),
    Profile("feddersen", "tobias", 2, 1900, "KT", (-2, 1), 34, 6),
    Profile("zeitlos", "sabine", 5, 780, "KT FG", (0, 5)),
    Profile("deichgraf", "sabine", 3, 1250, "HW RH KT", (-3, 2), peak=SUMMER),
    Profile("anker", "sabine", 5, 1650, "FG RH KS", (5, 20), 400, 32, 1),
    Profile("regenbogen", "sabine", 3, 540, "RH FG", (-5, 0)),
    Profile("petersen", "sabine", 2, 690, "FG KT", (-2, 4)),
    Profile("mohn", "sabine", 3, 1900, "KS FG", (3, 16)),
    Profile("eiche", "sabine", 3, 1150, "FG RH KT", (-2, 6)),
    Profile("bootshaus", "sabine", 4, 1350, "KT FG RH", (0, 8)),
]

#: Tiers over time: (days ago, account, tier, why). Decided by the director.
TIER_HISTORY = [
    (420, "nordlicht", "strategic", "Größter Kunde, Rahmenvertrag abgeschlossen"),
    (420, "heidekrug", "gold", "Einstufung nach Umsatz"),
    (420, "klinikum", "gold", "Zuschlag in der Rahmenausschreibung"),
    (420, "frischepunkt", "gold", "Einstufung nach Umsatz"),
    (420, "elbkrone", "gold", "Einstufung nach Umsatz"),
    (420, "nordlicht_stadt", "gold", "Einstufung nach Umsatz"),
    (420, "nordlicht_sylt", "silver", "Einstufung nach Umsatz"),
    (420, "studentenwerk", "silver", "Einstufung nach Umsatz"),
    (420, "werft", "silver", "Einstufung nach Umsatz"),
    (420, "hafenquartier", "silver", "Einstufung nach Umsatz"),
    (260, "frischepunkt", "silver", "Vier Monate unter dem Mindestumsatz für Gold"),
    (260, "elbkrone_catering", "silver", "Aufnahme in die Betreuung mit der Holding"),
    (130, "heidekrug", "strategic", "Zwölf neue Filialen, Umsatz stark gewachsen"),
    (130, "frischepunkt", "gold", "Umsatz nach Sortimentserweiterung wieder erreicht"),
    (50, "feddersen", "prospect", "Testlieferung in zwei Filialen vereinbart"),
]

#: Goods sent back or short delivered: (customer, which of its invoices, part, why).
CREDITS = [
    ("nordlicht", 5, 1, "Badetücher mit Webfehler zurückgenommen"),
    ("heidekrug", 7, 1, "Falsche Lieferung"),
    ("klinikum", 4, 1, "Kartons durchnässt"),
    ("frischepunkt", 8, 1, "Mindesthaltbarkeit zu kurz"),
    ("elbkrone", 6, 1, "Transportschaden"),
    ("werft", 3, 0, "Auftrag storniert, Ware zurück"),
    ("zeitlos", 1, 0, "Doppelt berechnet"),
]

#: Quotations in the works: (customer, seller, sent, value, basket, opportunity).
QUOTATIONS = [
    ("heidekrug", "katrin", True, 19500, "KS", "heidekrug_wash"),
    ("nordlicht", "sabine", False, 31000, "HW", "nordlicht_linen"),
    ("feddersen", "tobias", True, 9200, "KT", "feddersen"),
    ("elbkrone", "tobias", False, 7400, "KS", "elbkrone_summer"),
    ("bootshaus", "sabine", True, 4900, "KS", "bootshaus"),
]


def workday(day):
    """Return the day, or the last one before it on which offices are open."""
    while day.weekday() > 4 or (day.month, day.day) in HOLIDAYS:
        day -= timedelta(days=1)
    return day


def payment_day(rng, profile, due, invoiced):
    """Return when an invoice is paid: the Thursday before the day that was meant."""
    meant = due + timedelta(days=rng.randint(*profile.pays))
    thursday = meant - timedelta(days=(meant.weekday() - 3) % 7)
    return max(thursday, invoiced + timedelta(days=1))


def plan_lines(rng, value, basket, prices):
    """Choose products and quantities that make about the value at list price.

    :param float value: what the order adds up to
    :param str basket: beginnings of product codes, favourites first
    :param dict prices: list price by product code
    :return: list of (product code, quantity)
    """
    groups = basket.split()
    codes = [
        code
        for place, group in enumerate(groups)
        for code in prices
        # Machines cost thousands: only large orders have one.
        if code.startswith(group) and prices[code] <= value / 2
        for _ in range(len(groups) - place)
    ]
    wanted = min(rng.randint(2, 6), len(set(codes)))
    chosen = []
    while len(chosen) < wanted:
        code = rng.choice(codes)
        if code not in chosen:
            chosen.append(code)
    weights = [rng.uniform(0.5, 1.5) for _ in chosen]
    lines = []
    for code, weight in zip(chosen, weights, strict=True):
        quantity = value * weight / sum(weights) / prices[code]
        pack = 10 if quantity >= 100 else 5 if quantity >= 20 else 1
        lines.append((code, max(1, round(quantity / pack) * pack)))
    return lines


def plan_orders(rng, today, prices):
    """Plan the orders of all customers, oldest first.

    :param Random rng: source of chance; the same seed makes the same orders
    :param date today: the day on which the plan ends
    :param dict prices: list price by product code
    :return: list of :class:`PlannedOrder`
    """
    planned = []
    for profile in PROFILES:
        span = (profile.first - profile.last) / profile.orders
        for number in range(profile.orders):
            place = number + rng.uniform(0.1, 0.9)
            days_ago = round(profile.first - place * span)
            day = workday(today - timedelta(days=days_ago))
            value = profile.value * rng.uniform(0.6, 1.4)
            value *= 1.35 if day.month in profile.peak else 0.9
            lines = plan_lines(rng, value, profile.basket, prices)
            planned.append(PlannedOrder(day, profile, lines))
    return sorted(planned, key=lambda order: order.day)
