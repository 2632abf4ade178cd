# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import BaseCase, tagged

from ...models.terms.price_effect import highest_discount, is_uncertain, lowered


def effect(**prices):
    return {"prices": prices, "names": {name: name.upper() for name in prices}}


@tagged("post_install", "-at_install")
class TestPriceEffect(BaseCase):
    """Two lists of prices are compared everywhere, not rule by rule."""

    def test_lower_price(self):
        """A lower price is found, a higher or equal one isn't."""
        old = effect(drill=[[1, "2026-11-01", 160, 200]])
        for price, found in ((160, []), (170, []), (150, [("DRILL", 160, 150)])):
            new = effect(drill=[[1, "2026-11-01", price, 200]])
            self.assertEqual(lowered(old, new), found)

    def test_new_breaks(self):
        """A new quantity or day counts against what held there before."""
        old = effect(drill=[[1, "2026-11-01", 160, 200], [10, "2026-11-01", 150, 200]])
        new = effect(
            drill=[
                [1, "2026-11-01", 160, 200],
                [5, "2026-11-01", 152, 200],
                [10, "2026-11-01", 150, 200],
            ]
        )
        self.assertEqual(lowered(old, new), [("DRILL", 160, 152)])
        later = effect(drill=[[1, "2026-11-01", 160, 200], [1, "2027-01-01", 120, 200]])
        self.assertEqual(lowered(old, later), [("DRILL", 160, 120)])
        self.assertEqual(lowered(later, effect(drill=old["prices"]["drill"][:1])), [])

    def test_list_price_fell(self):
        """A price that fell with the list price isn't the doing of the list."""
        old = effect(drill=[[1, "2026-11-01", 160, 200]])
        self.assertEqual(lowered(old, effect(drill=[[1, "2026-12-01", 80, 100]])), [])
        self.assertTrue(lowered(old, effect(drill=[[1, "2026-12-01", 79, 100]])))

    def test_unknown_products(self):
        """A product without an earlier price cost its list price, at least."""
        for price, found in ((1, [("DRILL", 200, 1)]), (200, []), (250, [])):
            new = effect(drill=[[1, "2026-11-01", price, 200]])
            self.assertEqual(lowered(effect(), new), found)

    def test_what_is_not_looked_at(self):
        """Where a part is looked at, rules that are gone or below may count."""
        old = {"is_part": True, "own": [1, 2], "below": "a"}
        for changes, found in (
            ({}, False),
            ({"own": [1, 2, 3]}, False),
            ({"own": [1]}, True),
            ({"below": "b"}, True),
        ):
            self.assertEqual(is_uncertain(old, {**old, **changes}), found)
            whole = {**old, "is_part": False}
            self.assertFalse(is_uncertain(whole, {**whole, **changes}))
        self.assertFalse(is_uncertain({}, old))

    def test_highest_discount(self):
        """The largest discount of any product, quantity and day."""
        prices = {"a": [[1, "d", 90, 100], [9, "d", 70, 100]], "b": [[1, "d", 5, 0]]}
        self.assertAlmostEqual(highest_discount(prices), 30.0)
        self.assertEqual(highest_discount({}), 0.0)
