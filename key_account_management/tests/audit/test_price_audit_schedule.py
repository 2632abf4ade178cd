# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestPriceAuditSchedule(KeyAccountCommon):
    """Each month is audited by itself, and the right people hear of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.last_month = cls.today.replace(day=1) - timedelta(days=1)
        cls.Audit = cls.env["key.account.price.audit"]
        # In force last month, too, unlike the tier, which begins today.
        cls.account.pricelist_id = cls.gold_list

    def charge(self, price, quantity=1, partner=None, day=None):
        """Invoice drills, which cost Nordwind 180 by its list."""
        line = {
            "product_id": self.drill.id,
            "quantity": quantity,
            "price_unit": price,
            "tax_ids": [Command.clear()],
        }
        return self.make_invoice(
            partner or self.nordwind,
            0,
            invoice_date=day or self.last_month,
            invoice_line_ids=[Command.create(line)],
        )

    def run_cron(self):
        self.env.flush_all()
        cron = self.env.ref("key_account_management.ir_cron_price_audit")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        return self.Audit.search(
            [("is_scheduled", "=", True), ("company_id", "=", self.env.company.id)]
        )

    def test_the_month_before_is_audited_once(self):
        wrong = self.charge(250.0)
        self.charge(180.0)
        self.charge(300.0, day=self.today)
        audit = self.run_cron()
        self.assertEqual(
            (audit.date_from, audit.date_to, audit.state),
            (self.last_month.replace(day=1), self.last_month, "done"),
        )
        self.assertEqual(audit.line_ids.move_id, wrong)
        activity = self.account.activity_ids
        self.assertEqual(activity.user_id, self.kam)
        self.assertIn(wrong.name, activity.note)
        self.assertIn("250.00", activity.note)
        self.assertTrue(
            audit.activity_ids.user_id.has_group(
                "key_account_management.group_key_account_director"
            )
        )
        self.assertIn("70.00", audit.activity_ids.summary)
        self.assertEqual(self.run_cron(), audit)
        self.assertEqual(len(self.account.activity_ids), 1)

    def test_the_settings_can_leave_it(self):
        self.charge(250.0)
        self.env.company.key_account_audit_monthly = False
        self.assertFalse(self.run_cron())

    def test_prices_below_a_cost_that_rose(self):
        self.charge(180.0, 3)
        self.assertFalse(self.run_cron().warning_ids)
        self.drill.standard_price = 190.0
        audit = self.as_user(self.director)["key.account.price.audit"].create({})
        audit.action_run()
        warning = audit.warning_ids
        self.assertEqual(
            (warning.kind, warning.product_id.id, warning.price, warning.cost),
            ("below_cost", self.drill.id, 180.0, 190.0),
        )
        self.assertEqual(warning.amount, 30.0)
        self.assertIn("180.00", warning.summary)
        # A price for the quantity that is bought decides.
        self.gold_list.item_ids = [
            Command.create(
                {
                    "applied_on": "0_product_variant",
                    "product_id": self.drill.id,
                    "compute_price": "fixed",
                    "fixed_price": price,
                    "min_quantity": quantity,
                }
            )
            for quantity, price in ((0, 195.0), (3, 185.0), (5, 150.0))
        ]
        audit.action_run()
        self.assertEqual(audit.warning_ids.price, 185.0)
        self.assertEqual(len(audit.warning_ids), 1)

    def test_a_price_from_another_list_counts_with_its_steps(self):
        self.charge(180.0, 3)
        self.drill.standard_price = 190.0
        base = self.make_pricelist("Staffel", 0)
        base.item_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "applied_on": "0_product_variant",
                        "product_id": self.drill.id,
                        "compute_price": "fixed",
                        "fixed_price": price,
                        "min_quantity": quantity,
                    }
                )
                for quantity, price in ((0, 195.0), (3, 150.0))
            ),
        ]
        self.gold_list.item_ids = [
            Command.clear(),
            Command.create(
                {
                    "compute_price": "formula",
                    "base": "pricelist",
                    "base_pricelist_id": base.id,
                }
            ),
        ]
        audit = self.Audit.create({})
        audit.action_run()
        self.assertEqual(audit.warning_ids.price, 150.0)

    def test_terms_that_end_and_commitments(self):
        special = self.make_pricelist("Nordwind Sonderpreise", 10)
        special.key_account_date_end = self.today + relativedelta(days=20)
        self.account.pricelist_id = special
        audit = self.Audit.create({})
        audit.action_run()
        warning = audit.warning_ids
        self.assertEqual((warning.kind, warning.pricelist_id), ("list_end", special))
        special.key_account_date_end = self.today + relativedelta(days=200)
        audit.action_run()
        self.assertFalse(audit.warning_ids)

    def test_queries_do_not_grow_with_the_products(self):
        products = self.env["product.product"].create(
            [
                {"name": f"Bohrer {number}", "list_price": 10, "standard_price": 20}
                for number in range(12)
            ]
        )
        other = self.make_account(self.bergmann, pricelist_id=self.gold_list.id)
        for account, few in ((self.account, 12), (other, 2)):
            self.make_invoice(
                account.partner_id,
                0,
                invoice_date=self.last_month,
                invoice_line_ids=[
                    Command.create({"product_id": product.id, "quantity": number + 1})
                    for number, product in enumerate(products[:few])
                ],
            )
        Ahead = self.env["key.account.price.audit.warning"]
        counts = []
        for account, few in ((other, 2), (self.account, 12)):
            found = Ahead._collect_below_cost(account, self.today)
            self.assertEqual(len(found), few)
            counts.append(
                self.count_queries(
                    lambda account=account: Ahead._collect_below_cost(
                        account, self.today
                    )
                )
            )
        self.assertLessEqual(counts[1], counts[0])

    def test_who_reads_and_who_asks_accounting(self):
        wrong = self.charge(250.0)
        audit = self.run_cron()
        line = audit.line_ids
        self.assertEqual(self.as_user(self.kam, line).move_id.id, wrong.id)
        for record in (line, audit):
            with self.assertRaises(AccessError):
                self.as_user(self.kam2, record).read(["display_name"])
        with self.assertRaises(AccessError):
            self.as_user(self.kam, line).write({"charged_price": 1.0})
        with self.assertRaises(AccessError):
            self.as_user(self.kam, line).action_credit()
        self.as_user(self.all_user, audit).action_credit()
        refund = line.refund_move_id
        self.assertEqual((refund.state, refund.amount_untaxed), ("draft", 70.0))
        [activity] = refund.activity_ids
        self.assertTrue(activity.user_id.has_group("account.group_account_invoice"))
