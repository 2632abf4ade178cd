# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.tests import tagged

from odoo.addons.point_of_sale.tests.test_frontend import TestPointOfSaleHttpCommon


@tagged("post_install", "-at_install")
class TestTill(TestPointOfSaleHttpCommon):
    """Points of key accounts at the till are booked once, on the right card."""

    @classmethod
    def get_default_groups(cls):
        return (
            super().get_default_groups()
            | cls.quick_ref("key_account_management.group_key_account_director")
            | cls.quick_ref("sales_team.group_sale_manager")
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        cls.customer = cls.env["res.partner"].create(
            {"name": "AAA Test Partner", "is_company": True}
        )
        cls.anna = cls.env["res.partner"].create(
            {"name": "Anna Seidel", "parent_id": cls.customer.id}
        )
        cls.passer_by = cls.env["res.partner"].create({"name": "Laufkundschaft"})
        cls.account = cls.env["key.account"].create({"partner_id": cls.customer.id})
        cls.program = cls.env["loyalty.program"].create(
            {
                "name": "Partnerpunkte",
                "program_type": "loyalty",
                "trigger": "auto",
                "applies_on": "both",
                "key_account_ids": [Command.set(cls.account.ids)],
                "rule_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "reward_point_amount": 1,
                            "reward_point_mode": "money",
                            "minimum_qty": 1,
                        }
                    ),
                ],
                "reward_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "percent",
                            "discount": 15,
                            "discount_applicability": "order",
                        }
                    ),
                ],
            }
        )

    def sell(self, partner, points, card=-1, total=100.0):
        """Confirm what the till sends for an order."""
        session = self.main_pos_config.current_session_id
        if not session:
            self.main_pos_config.open_ui()
            session = self.main_pos_config.current_session_id
        order = self.env["pos.order"].create(
            {
                "config_id": self.main_pos_config.id,
                "session_id": session.id,
                "partner_id": partner.id,
                "amount_paid": total,
                "amount_return": 0,
                "amount_tax": 0,
                "amount_total": total,
            }
        )
        data = {
            card: {
                "points": points,
                "program_id": self.program.id,
                "coupon_id": card,
                "barcode": "",
                "partner_id": partner.id,
            }
        }
        order.confirm_coupon_programs(data)
        return order

    def card(self, partner=None):
        return self.env["loyalty.card"].search(
            [
                ("program_id", "=", self.program.id),
                ("partner_id", "=", (partner or self.customer).id),
            ]
        )

    def assertBooked(self, *entries):
        card = self.card()
        card.invalidate_recordset()
        booked = [
            (entry.key_account_kind, entry.key_account_points)
            for entry in card.history_ids.sorted("id")
        ]
        self.assertEqual(booked, list(entries))
        self.assertAlmostEqual(card.points, sum(points for _kind, points in entries))
        self.assertFalse(card._find_ledger_differences() & card)

    def test_booked_once(self):
        """Earning 100 gives 100, spending 30 takes 30, and all can be spent."""
        order = self.sell(self.customer, 100)
        self.assertBooked(("earn", 100))
        entry = self.card().history_ids
        self.assertEqual((entry.order_model, entry.order_id), ("pos.order", order.id))
        self.assertEqual(entry.key_account_id, self.account)
        self.assertIn(order.display_name, entry.description)
        self.sell(self.customer, -30, card=self.card().id)
        self.sell(self.customer, -70, card=self.card().id)
        self.assertBooked(("earn", 100), ("spend", -30), ("spend", -70))
        self.sell(self.customer, -20, card=self.card().id, total=-20.0)
        self.assertBooked(
            ("earn", 100), ("spend", -30), ("spend", -70), ("claw_back", -20)
        )

    def test_one_card_for_the_company(self):
        """A contact earns on the card of the company."""
        self.sell(self.anna, 40)
        self.assertBooked(("earn", 40))
        self.assertFalse(self.card(self.anna))

    def test_who_takes_part(self):
        """Others earn nothing, whatever the till sends."""
        self.sell(self.passer_by, 100)
        self.assertFalse(self.card(self.passer_by))
        for partner, programs in (
            (self.customer, self.program),
            (self.anna, self.program),
            (self.passer_by, self.program.browse()),
        ):
            self.assertEqual(partner.key_account_program_ids, programs)

    def test_points_that_come_with_the_invoice(self):
        """They don't come with the receipt as well."""
        self.program.accrual_moment = "invoice_posted"
        self.sell(self.customer, 100)
        self.assertFalse(self.card().history_ids)

    def test_programs_of_core_are_cores(self):
        """A program without a ledger works as without us."""
        self.program.write({"key_account_ids": [Command.clear()]})
        self.assertFalse(self.program.key_account_ledger)
        self.sell(self.passer_by, 100)
        card = self.card(self.passer_by)
        self.assertEqual((card.points, len(card.history_ids)), (100, 1))

    def till(self):
        """Run core's tour in the till's own client: an order of AAA Test Partner."""
        self.whiteboard_pen.product_variant_ids.write({"lst_price": 10})
        self.main_pos_config.write(
            {"tax_regime_selection": False, "use_pricelist": False}
        )
        self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour("LoyaltyHistoryTour")

    def test_till_of_a_key_account(self):
        """In the till's client a key account earns, once."""
        self.till()
        [(kind, points)] = [
            (entry.key_account_kind, entry.key_account_points)
            for entry in self.card().history_ids
        ]
        self.assertEqual(kind, "earn")
        self.assertGreater(points, 0)
        self.assertAlmostEqual(self.card().points, points)

    def test_till_of_others(self):
        """In the till's client a program for another account isn't offered."""
        other = self.env["key.account"].create({"partner_id": self.passer_by.id})
        self.program.key_account_ids = other
        self.till()
        self.assertFalse(self.card())
        order = self.env["pos.order"].search([], limit=1, order="id desc")
        self.assertEqual(order.partner_id, self.customer)
