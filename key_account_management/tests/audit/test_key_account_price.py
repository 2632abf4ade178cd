# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import datetime, time, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import Form, tagged

from ..common import KeyAccountCommon


class KeyAccountPriceCommon(KeyAccountCommon):
    """An account with a list of its own beside that of its tier."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # 150 from the tier's list, 180 from the account's own list.
        cls.gold_list.item_ids.percent_price = 25.0
        cls.own_list = cls.make_pricelist("Nordwind Sonderpreise", 10)
        cls.account.pricelist_id = cls.own_list
        cls.Price = cls.env["key.account.price"]

    def add_price(self, pricelist, product, price, quantity=0):
        pricelist.item_ids = [
            Command.create(
                {
                    "applied_on": "0_product_variant",
                    "product_id": product.id,
                    "compute_price": "fixed",
                    "fixed_price": price,
                    "min_quantity": quantity,
                }
            )
        ]

    def order(self, quantity=1, **values):
        # Each order is written in a request of its own.
        self.env.invalidate_all()
        line = {"product_id": self.drill.id, "product_uom_qty": quantity, **values}
        return self.env["sale.order"].create(
            {"partner_id": self.nordwind.id, "order_line": [Command.create(line)]}
        )


@tagged("post_install", "-at_install")
class TestKeyAccountPrice(KeyAccountPriceCommon):
    """Order, price page, direct invoice and audit agree on the price."""

    def direct_invoice(self, quantity=1, values=None, **line):
        line = {"product_id": self.drill.id, "quantity": quantity, **line}
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.nordwind.id,
                "invoice_date": self.today,
                "invoice_line_ids": [Command.create(line)],
                **(values or {}),
            }
        )

    def page_price(self, quantity=1):
        [row] = self.Price._get_price_rows(self.account, self.drill)
        prices = [row["price"]]
        prices += [price for bound, price in row["breaks"] if quantity >= bound]
        return prices[-1]

    def assertOnePrice(self, price, quantity=1):
        """Check that all sources agree and that the audit finds an overcharge."""
        order = self.order(quantity)
        self.assertAlmostEqual(order.order_line.price_subtotal / quantity, price)
        self.assertAlmostEqual(self.page_price(quantity), price, 2)
        direct = self.direct_invoice(quantity)
        line = direct.invoice_line_ids
        self.assertAlmostEqual(line.price_subtotal, price * quantity, 2)
        order.action_confirm()
        wrong = self.direct_invoice(quantity)
        wrong.invoice_line_ids.price_unit += 7.0
        (order._create_invoices() | direct | wrong).action_post()
        self.assertFinding(wrong, price)
        return order

    def assertFinding(self, wrong, price):
        audit = self.env["key.account.price.audit"].create(
            {"date_from": self.today, "date_to": self.today}
        )
        audit.action_run()
        self.assertEqual(audit.line_ids.move_id, wrong)
        self.assertAlmostEqual(audit.line_ids.rightful_price, price, 2)

    def test_best_of_all(self):
        """Best of all takes the tier's 150; without it, the account's own 180."""
        self.assertAlmostEqual(self.order().amount_untaxed, 180.0)
        self.assertAlmostEqual(self.direct_invoice().amount_untaxed, 180.0)
        self.account.pricelist_mode = "best"
        order = self.assertOnePrice(150.0)
        self.assertEqual(order.pricelist_id, self.own_list)
        self.assertIn("Goldpreise", order.order_line.key_account_price_origin)

    def test_best_of_all_beyond_the_leading_list(self):
        """A product that only the tier's list names gets that list's price."""
        self.own_list.item_ids.unlink()
        self.account.pricelist_mode = "best"
        self.assertOnePrice(150.0)

    def test_list_without_a_rule_does_not_compete(self):
        """A list without a rule for the product doesn't count in best of all."""
        self.own_list.item_ids.unlink()
        self.add_price(self.own_list, self.drill, 220.0)
        self.gold_list.item_ids.unlink()
        self.account.pricelist_mode = "best"
        self.assertOnePrice(220.0)

    def test_list_set_by_hand_on_the_customer(self):
        """A list set by hand on the customer wins, even against a better one."""
        self.account.pricelist_mode = "best"
        self.nordwind.property_product_pricelist = self.silver_list
        self.assertOnePrice(190.0)

    def test_group(self):
        """The parent's list goes before the account's own in the inherit mode."""
        parent = self.make_account(self.rheintal, pricelist_id=self.silver_list.id)
        self.account.write({"parent_id": parent.id, "pricelist_mode": "inherit"})
        self.assertOnePrice(190.0)

    def test_groups_list_where_there_is_no_own(self):
        """The parent's list goes before the tier's if the account has none."""
        parent = self.make_account(self.rheintal, pricelist_id=self.silver_list.id)
        self.account.write({"parent_id": parent.id, "pricelist_id": False})
        self.assertOnePrice(190.0)

    def test_agreement(self):
        """The list of an agreement in force goes before the account's own."""
        agreement = self.env["key.account.agreement"].create(
            {
                "title": "Rahmenvertrag",
                "account_id": self.account.id,
                "date_start": self.today,
                "pricelist_id": self.silver_list.id,
            }
        )
        self.assertAlmostEqual(self.order().amount_untaxed, 180.0)
        agreement.action_submit_approval()
        order = self.assertOnePrice(190.0)
        self.assertIn(agreement.name, order.key_account_pricelist_origin)

    def test_expired_list(self):
        """If a list has expired, the next one applies."""
        self.own_list.key_account_date_end = self.today - timedelta(days=1)
        self.assertOnePrice(150.0)

    def test_list_without_approval(self):
        """A list waiting for approval doesn't apply."""
        self.own_list.sudo().key_account_approval_state = "pending"
        self.assertOnePrice(150.0)

    def test_quantity_breaks(self):
        """Another list can be the best one from ten pieces on."""
        self.account.pricelist_mode = "best"
        self.add_price(self.own_list, self.drill, 140.0, quantity=10)
        self.assertOnePrice(150.0)
        self.env["account.move.line"].search(
            [("product_id", "=", self.drill.id)]
        ).move_id.filtered(lambda move: move.state == "posted").button_draft()
        self.assertOnePrice(140.0, quantity=10)
        order = self.make_order(self.nordwind, 1, 10, 3, 10)
        self.assertEqual(
            order.order_line.mapped("price_subtotal"), [150.0, 1400.0, 450.0, 1400.0]
        )

    def test_other_currency(self):
        """A list in another currency is compared at today's rate."""
        euro = self.setup_other_currency("EUR")
        euro_list = self.make_pricelist("Europreise", 0, currency_id=euro.id)
        euro_list.item_ids.unlink()
        self.add_price(euro_list, self.drill, 280.0)
        rate = euro._convert(1.0, self.env.company.currency_id, date=self.today)
        self.assertAlmostEqual(rate, 0.5)
        self.gold.pricelist_id = euro_list
        self.account.pricelist_mode = "best"
        order = self.assertOnePrice(140.0)
        self.assertAlmostEqual(order.order_line.key_account_rule_price, 140.0)

    def test_invoice_in_another_currency(self):
        """A direct invoice in euros has the converted price of the list."""
        euro = self.setup_other_currency("EUR")
        self.own_list.item_ids.unlink()
        self.add_price(self.own_list, self.drill, 170.0)
        direct = self.direct_invoice(values={"currency_id": euro.id})
        self.assertAlmostEqual(direct.invoice_line_ids.price_unit, 340.0)
        wrong = direct.copy({"invoice_date": self.today})
        wrong.invoice_line_ids.price_unit += 7.0
        (direct | wrong).action_post()
        self.assertFinding(wrong, 340.0)

    def test_unit_of_measure(self):
        """A dozen costs twelve times the price of the twelve-piece break."""
        dozen = self.env.ref("uom.product_uom_dozen")
        self.account.pricelist_mode = "best"
        self.add_price(self.own_list, self.drill, 140.0, quantity=12)
        order = self.order(product_uom_id=dozen.id)
        self.assertAlmostEqual(order.order_line.price_subtotal, 1680.0)
        direct = self.direct_invoice(product_uom_id=dozen.id)
        self.assertAlmostEqual(direct.invoice_line_ids.price_subtotal, 1680.0)
        wrong = direct.copy({"invoice_date": self.today})
        wrong.invoice_line_ids.price_unit += 7.0
        order.action_confirm()
        (order._create_invoices() | direct | wrong).action_post()
        self.assertFinding(wrong, 1680.0)

    def test_taxes_in_the_price(self):
        """Unit prices aren't rounded when they are converted to net prices."""
        self.drill.list_price = 9.99
        self.drill.taxes_id = self.env["account.tax"].create(
            {
                "name": "19 % im Preis",
                "amount": 19.0,
                "price_include_override": "tax_included",
            }
        )
        self.own_list.item_ids.unlink()
        order = self.order(1000)
        order.action_confirm()
        wrong = self.direct_invoice(1000)
        self.assertAlmostEqual(order.amount_untaxed, 8394.96, 2)
        self.assertAlmostEqual(wrong.amount_untaxed, 8394.96, 2)
        self.assertAlmostEqual(self.page_price(), 9.99 / 1.19)
        wrong.invoice_line_ids.price_unit += 1.0
        (order._create_invoices() | wrong).action_post()
        self.assertFinding(wrong, 9.99 / 1.19)

    def test_fiscal_position_takes_the_taxes_out(self):
        """An export priced at 238 including 19 % is charged and audited at 200."""
        included, free = self.env["account.tax"].create(
            [
                {
                    "name": "19 % im Preis",
                    "amount": 19.0,
                    "price_include_override": "tax_included",
                },
                {
                    "name": "Ausfuhr",
                    "amount": 0.0,
                    "price_include_override": "tax_excluded",
                },
            ]
        )
        export = self.env["account.fiscal.position"].create({"name": "Ausfuhr"})
        free.write(
            {
                "fiscal_position_ids": [Command.set(export.ids)],
                "original_tax_ids": [Command.set(included.ids)],
            }
        )
        self.nordwind.property_account_position_id = export
        self.drill.write({"list_price": 238.0, "taxes_id": [Command.set(included.ids)]})
        self.own_list.item_ids.unlink()
        order = self.order()
        self.assertAlmostEqual(order.amount_untaxed, 200.0)
        direct = self.direct_invoice()
        self.assertAlmostEqual(direct.amount_untaxed, 200.0)
        wrong = self.direct_invoice()
        wrong.invoice_line_ids.price_unit += 7.0
        order.action_confirm()
        (order._create_invoices() | direct | wrong).action_post()
        self.assertFinding(wrong, 200.0)

    def test_no_terms(self):
        """Without special lists the account pays the same as any customer."""
        self.account.pricelist_id = self.gold.pricelist_id = False
        self.assertOnePrice(200.0)

    def test_no_terms_beside_the_list_of_all_customers(self):
        """The list for all customers applies to direct invoices, too."""
        self.account.pricelist_id = self.gold.pricelist_id = False
        self.add_price(self.pricelist, self.drill, 196.0)
        self.assertOnePrice(196.0)

    def test_feature_off(self):
        """If the price list feature is off, no list applies."""
        feature = self.env.ref("product.group_product_pricelist")
        self.env.ref("base.group_user")._remove_group(feature)
        feature.user_ids = False
        self.assertOnePrice(200.0)

    def count_reads(self, function):
        """Return how often a function reads agreements and tier changes."""
        self.env.flush_all()
        self.env.invalidate_all()
        executed = []
        execute = type(self.env.cr).execute

        def spy(cursor, query, *args, **kwargs):
            executed.append(str(getattr(query, "code", query)))
            return execute(cursor, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", spy):
            function()
        return [
            sum(f'FROM "{table}" WHERE "{table}"."account_id"' in q for q in executed)
            for table in ("key_account_agreement", "key_account_tier_change")
        ]

    def test_terms_are_read_once_for_an_order(self):
        """An order reads the source of all its terms only once."""
        self.env.company.account_use_credit_limit = True
        self.account.pricelist_mode = "best"
        past = datetime.combine(self.today - timedelta(days=9), time(12))

        def write(day):
            order = self.make_order(self.nordwind, 1, 2, date_order=day)
            self.assertTrue(order.key_account_pricelist_origin)
            self.assertEqual(order.payment_term_id, self.term_45)
            order.partner_credit_warning  # noqa: B018
            return order

        self.assertEqual(self.count_reads(lambda: write(self.today)), [1, 0])
        self.change_tier(self.account, self.silver, self.today - timedelta(days=20))
        self.change_tier(self.account, self.gold, self.today - timedelta(days=10))
        self.assertEqual(self.count_reads(lambda: write(past)), [1, 1])

    def test_terms_are_read_once_in_the_form(self):
        """Each request of the order form reads the terms at most once."""
        form = Form(self.env["sale.order"])

        def choose_customer():
            form.partner_id = self.nordwind

        def add_line():
            with form.order_line.new() as line:
                line.product_id = self.drill

        self.account.pricelist_mode = "best"
        self.assertEqual(self.count_reads(choose_customer), [1, 0])
        self.count_reads(add_line)
        self.assertLessEqual(self.count_reads(form.save)[0], 2, "Write, then read.")
        self.assertAlmostEqual(form.record.amount_untaxed, 150.0)

    def test_changes_are_seen_in_the_same_transaction(self):
        """Changing account, tier or list takes effect in the same transaction."""
        account = self.account

        def price():
            lists = self.Price._get_lists(account, self.today)
            prices = self.Price._get_prices(account, self.drill, date=self.today)
            return lists[0].value, prices[self.drill.id].amount

        self.assertEqual(price(), (self.own_list, 180.0))
        self.own_list.active = False
        self.assertEqual(price(), (self.gold_list, 150.0))
        self.gold.pricelist_id = self.silver_list
        self.assertEqual(price(), (self.silver_list, 190.0))
        self.silver_list.item_ids.percent_price = 6.0
        self.assertEqual(price(), (self.silver_list, 188.0))
        self.change_tier(account, self.prospect)
        self.assertEqual(price()[1], 200.0)
        parent = self.make_account(self.rheintal)
        account.parent_id = parent
        parent.pricelist_id = self.gold_list
        self.assertEqual(price(), (self.gold_list, 150.0))
        agreement = self.env["key.account.agreement"].create(
            {
                "title": "Rahmenvertrag",
                "account_id": parent.id,
                "date_start": self.today,
                "pricelist_id": self.silver_list.id,
            }
        )
        self.assertEqual(price(), (self.gold_list, 150.0))
        agreement.action_submit_approval()
        self.assertEqual(price(), (self.silver_list, 188.0))
        agreement.action_terminate(date=self.today - timedelta(days=1))
        self.assertEqual(price(), (self.gold_list, 150.0))
        parent.action_end()
        self.assertEqual(price()[1], 200.0)
