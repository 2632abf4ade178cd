# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestOneAccount(KeyAccountCommon):
    """Order, invoice, figures and exposure are of one account, though others pay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.key_account_order_check = "block"
        cls.holding = cls.make_account(cls.rheintal)
        cls.south = cls.make_account(cls.rheintal_sued)

    def sell(self, partner, payer, quantity=10, post=True, **values):
        """Sell at 100 each; return order and invoice."""
        order = self.make_order(
            partner, quantity, partner_invoice_id=payer.id, **values
        )
        order.order_line.write({"price_unit": 100.0, "tax_ids": [Command.clear()]})
        order.action_confirm()
        order.order_line.qty_delivered = quantity
        invoice = order._create_invoices()
        if post:
            invoice.action_post()
        return order, invoice

    def figures(self, account):
        """Return (revenue, cost, orders, exposure) after the night and a rebuild."""
        Kpi = self.env["key.account.kpi"].sudo()
        found = []
        for step in ("night", "rebuild"):
            self.env.flush_all()
            if step == "night":
                Kpi._rebuild_queued(Kpi.env["key.account"].search([]))
            else:
                Kpi._rebuild(account)
            account._refresh_figures()
            cost = account.revenue_12m - account.margin_12m
            found.append(
                (
                    account.revenue_12m,
                    cost,
                    account.order_count_12m,
                    account.credit_exposure,
                )
            )
        self.assertEqual(*found)
        return found[0]

    def test_subsidiary_billed_to_its_parent(self):
        """All of it is the subsidiary's, nothing the parent's."""
        order, invoice = self.sell(self.rheintal_sued, self.rheintal)
        self.assertEqual(order.key_account_id, self.south)
        self.assertEqual(invoice.key_account_id, self.south)
        self.assertEqual(invoice.key_account_partner_id, self.rheintal_sued)
        self.assertEqual(self.figures(self.south), (1000.0, 1200.0, 1, 1000.0))
        self.assertEqual(self.figures(self.holding), (0.0, 0.0, 0, 0.0))
        refund = invoice._reverse_moves([{"invoice_date": self.today}])
        refund.action_post()
        self.assertEqual(refund.key_account_id, self.south)
        self.assertEqual(self.figures(self.south)[0], 0.0)

    def test_billed_outside_the_group(self):
        """A factor pays; revenue, cost and exposure stay with who has ordered."""
        factor = self.make_customer("Factoring Bank AG")
        order, invoice = self.sell(self.nordwind, factor)
        self.assertEqual(invoice.key_account_id, self.account)
        self.assertEqual(self.figures(self.account), (1000.0, 1200.0, 1, 1000.0))
        waterfall = self.account._waterfall_amounts(self.today, self.today)
        self.assertEqual(-waterfall["cost"], 1200.0)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.assertEqual(self.figures(self.account)[3], 0.0)

    def test_ordered_by_another_billed_to_the_account(self):
        """What a key account pays for others uses its credit and can be held."""
        self.holding.credit_limit = 5000.0
        order = self.make_order(self.bergmann, 100, partner_invoice_id=self.rheintal.id)
        order.order_line.price_unit = 100.0
        self.assertEqual(order.key_account_id, self.holding)
        self.assertEqual(
            order.pricelist_id, self.make_order(self.bergmann).pricelist_id
        )
        with self.assertRefused("credit limit"):
            self.as_user(self.clerk, order).action_confirm()
        self.holding.credit_limit = 50000.0
        order.action_confirm()
        self.assertEqual(self.figures(self.holding)[2:], (1, 10000.0))

    def test_company_without_an_account_of_its_own(self):
        """It gets the terms of the nearest company above it, and counts there."""
        self.south.pricelist_id = self.silver_list
        order, invoice = self.sell(self.rheintal_lager, self.rheintal_lager)
        self.assertEqual(order.key_account_id, self.south)
        self.assertEqual(order.pricelist_id, self.silver_list)
        self.assertEqual(invoice.key_account_id, self.south)
        self.assertEqual(self.figures(self.south), (1000.0, 1200.0, 1, 1000.0))
        self.assertFalse(self.rheintal_lager.key_account_id)
        direct = self.make_invoice(self.rheintal_lager, 50.0)
        self.assertEqual(direct.key_account_id, self.south)
        self.assertEqual(self.figures(self.south)[0], 1050.0)

    def test_invoices_are_of_one_account(self):
        """Orders of two subsidiaries for one payer are billed separately."""
        north = self.make_account(
            self.make_customer("Rheintal Nord GmbH", parent_id=self.rheintal.id)
        )
        orders = self.env["sale.order"]
        for account in (self.south, north):
            orders += self.make_order(
                account.partner_id,
                1,
                partner_invoice_id=self.rheintal.id,
                partner_shipping_id=self.rheintal.id,
            )
        orders.action_confirm()
        orders.order_line.qty_delivered = 1
        invoices = orders._create_invoices()
        self.assertEqual(invoices.key_account_id, self.south | north)
        invoices.action_post()
        self.assertEqual(invoices.key_account_id, self.south | north)

    def test_order_in_a_branch(self):
        """A branch sells at the terms of its company's account."""
        branch = self.env["res.company"].create(
            {"name": "Alpenhandel Graz", "parent_id": self.env.company.id}
        )
        self.env.user.company_ids += branch
        env = self.env(context={"allowed_company_ids": [branch.id]})
        for of_company, pricelist in (
            (self.env.company, None),
            (self.env["res.company"], self.gold_list),
        ):
            self.gold_list.company_id = of_company
            self.env.invalidate_all()
            order = self.make_order(self.nordwind, env=env, company_id=branch.id)
            self.assertEqual(order.key_account_id, self.account)
            if pricelist:
                self.assertEqual(order.pricelist_id, pricelist)

    def test_figures_of_a_branch(self):
        """What a branch sells is the account's, until the branch has its own."""
        branch = self.env["res.company"].create(
            {"name": "Alpenhandel Graz", "parent_id": self.env.company.id}
        )
        self.env.cr.precommit.run()  # loads the branch's chart of accounts
        self.env.user.company_ids += branch
        self.drill.with_company(branch).standard_price = 120.0
        env = self.env(context={"allowed_company_ids": [branch.id]})
        _order, invoice = self.sell(
            self.nordwind, self.nordwind, env=env, company_id=branch.id
        )
        self.assertEqual(invoice.company_id, branch)
        account = self.account
        self.assertEqual(self.figures(account), (1000.0, 1200.0, 1, 1000.0))
        self.assertEqual(account.invoice_count, 1)
        self.assertEqual(account.sale_order_count, 1)
        opened = account.action_view_invoices()["domain"]
        self.assertEqual(self.env["account.move"].search(opened).ids, invoice.ids)
        amounts = account._waterfall_amounts(account.figures_from, account.figures_to)
        self.assertEqual(amounts["cost"], -1200.0)

        self.kam.company_ids += branch
        own = self.make_account(self.nordwind, company_id=branch.id)
        self.assertEqual(self.figures(own), (1000.0, 1200.0, 1, 1000.0))
        self.assertEqual(self.figures(account), (0.0, 0.0, 0, 0.0))
        self.assertEqual(account.invoice_count, 0)
        own.sudo().action_end()
        self.assertEqual(self.figures(account), (1000.0, 1200.0, 1, 1000.0))

    def test_moved_contact_and_the_night(self):
        """A confirmed order of a contact who moved still counts for its account."""
        order = self.make_order(self.anna)
        order.action_confirm()
        other = self.make_account(self.bergmann)
        self.anna.parent_id = self.bergmann
        self.assertEqual(order.key_account_id, self.account)
        self.assertEqual(order.key_account_partner_id, self.nordwind)
        self.assertEqual(self.figures(self.account)[2], 1)
        self.assertEqual(self.figures(other)[2], 0)
