# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestLoyaltySecurity(LoyaltyCommon):
    """What each role can do with points; points work for every user."""

    def test_clerk_and_accountant_move_points_without_rights_on_cards(self):
        self.program.accrual_moment = "invoice_paid"
        order = self.make_order(self.anna, 1, env=self.env(user=self.clerk))
        order.action_confirm()
        invoice = order.with_env(self.env)._create_invoices()
        env = self.env(user=self.accountant)
        invoice.with_env(env).action_post()
        env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.assertSound(self.card(), 200)

    def test_other_company_sees_nothing(self):
        card = self.give(100)
        for record in (card, card.history_ids, self.program):
            with self.assertRaises(AccessError):
                self.as_user(self.other_director, record).read(["display_name"])
        report = self.as_user(self.other_director)["loyalty.liability"].create({})
        self.assertFalse(report._get_rows())

    def test_outsiders(self):
        card = self.give(100)
        for record in (card, card.history_ids):
            with self.assertRaises(AccessError):
                self.as_user(self.outsider, record).read(["display_name"])
        with self.assertRaises(AccessError):
            self.as_user(self.outsider)["loyalty.liability"].create({})

    def test_the_ledger_is_checked_by_directors(self):
        """A check over the cards of the companies that are open, and of no others."""
        card = self.give(100)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE loyalty_card SET points = 90 WHERE id = %s", (card.id,)
        )
        card.invalidate_recordset()
        for user in (self.clerk, self.accountant, self.kam, self.all_user):
            with self.assertRaises(AccessError):
                self.as_user(user)["loyalty.card"].action_check_ledger()
        found = self.as_user(self.director)["loyalty.card"].action_check_ledger()
        self.assertIn(card.id, found["domain"][0][2])
        other = self.as_user(self.other_director)["loyalty.card"].action_check_ledger()
        self.assertEqual(other["tag"], "display_notification")

    def test_cards_of_an_account_that_is_not_theirs(self):
        with self.assertRaises(AccessError):
            self.as_user(self.clerk, self.account).action_view_loyalty_cards()

    def test_settlement_needs_invoicing(self):
        self.program.key_account_settlement_value = 0.05
        card = self.give(100)
        with self.assertRaises(AccessError):
            self.as_user(self.clerk)["loyalty.settlement"].create({"card_id": card.id})
        wizard = self.as_user(self.accountant)["loyalty.settlement"].create(
            {"card_id": card.id}
        )
        self.assertEqual(wizard.points, 100)
        wizard.action_settle()
        self.assertSound(card, 0)

    def test_account_manager_sees_the_ledger_and_cannot_change_it(self):
        card = self.give(100)
        entry = self.as_user(self.kam, card.history_ids)
        self.assertEqual(entry.key_account_points, 100)
        with self.assertRaises(UserError):
            entry.write({"issued": 1000})
        with self.assertRaises(UserError):
            entry.write({"key_account_remaining": 1000})
        with self.assertRaises(UserError):
            entry.unlink()
        self.assertEqual(self.as_user(self.kam, self.account).loyalty_points, 100)
        action = self.as_user(self.kam, self.account).action_view_loyalty_cards()
        self.assertEqual(action["res_id"], card.id)

    def test_ledger_fields_are_written_by_the_server_alone(self):
        core = self.make_program("Standard")
        cards = self.give(100) | core._make_cards(self.bergmann)
        History = self.as_user(self.clerk)["loyalty.history"]
        for card in cards:
            line = {"card_id": card.id, "description": "Messe", "issued": 5.0}
            for name, value in (
                ("key_account_kind", "referral"),
                ("key_account_remaining", 1000),
                ("key_account_expiry_date", "2099-12-31"),
            ):
                with self.assertRaises(AccessError):
                    History.create({**line, name: value})
            context = {"default_key_account_remaining": 1000}
            History = self.as_user(self.kam)["loyalty.history"]
            entry = History.with_context(**context).create(line)
            self.assertLess(entry.key_account_remaining, 1000)
            with self.assertRaises(UserError):
                entry.key_account_is_open = True
            with self.assertRaises(AccessError):
                self.as_user(self.director, card).key_account_ledger = False
        self.assertSound(cards[0], 105)

    def test_settlement_is_written_by_the_server_alone(self):
        invoice = self.make_invoice(self.nordwind, 100, post=False)
        for name in ("card_id", "points", "amount"):
            with self.assertRaises(AccessError):
                self.as_user(self.accountant, invoice).write(
                    {f"key_account_settlement_{name}": 1}
                )

    def test_account_manager_settings_are_the_directors(self):
        with self.assertRaises(AccessError):
            self.as_user(self.kam, self.program).write({"key_account_expiry_months": 3})
        self.as_user(self.director, self.program).write(
            {"key_account_expiry_months": 3}
        )
        self.assertEqual(self.program.key_account_expiry_months, 3)

    def test_programs_of_another_company_do_not_apply(self):
        self.program.company_id = self.other_company
        order = self.order(1)
        self.assertFalse(order.coupon_point_ids)

    def test_confirming_takes_few_queries_more(self):
        def queries():
            order = self.make_order(self.bergmann, 1, 2, 3)
            return self.count_queries(order.action_confirm)

        queries()
        with_program = queries()
        self.program.active = False
        self.program.sudo().key_account_ledger = False
        self.env.registry.clear_cache()
        queries()
        self.assertLessEqual(with_program - queries(), 6)
