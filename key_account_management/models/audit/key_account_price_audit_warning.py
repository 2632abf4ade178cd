# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import float_compare, format_date, formatLang, groupby

#: How far ahead ends are named, and how far back purchases count, in days.
AHEAD_DAYS = 45
BACK_DAYS = 365


class KeyAccountPriceAuditWarning(models.Model):
    """What an audit sees coming: prices below cost, terms that end, commitments."""

    _name = "key.account.price.audit.warning"
    _description = "Warning of a Price Audit"
    _inherit = ["key.account.server.written"]
    _order = "kind, amount desc, id"
    _rec_name = "account_id"

    audit_id = fields.Many2one(
        "key.account.price.audit",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="audit_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one(
        "key.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [
            ("below_cost", "Price Below Cost"),
            ("list_end", "Price List Ends"),
            ("agreement_end", "Agreement Ends"),
            ("commitment", "Commitment Will Be Missed"),
        ],
        required=True,
        readonly=True,
    )
    product_id = fields.Many2one("product.product", readonly=True, ondelete="cascade")
    pricelist_id = fields.Many2one(
        "product.pricelist", readonly=True, ondelete="cascade"
    )
    agreement_id = fields.Many2one(
        "key.account.agreement", readonly=True, ondelete="cascade"
    )
    date = fields.Date(readonly=True, help="Day on which the terms end.")
    price = fields.Float(
        digits="Product Price",
        readonly=True,
        aggregator=None,
        help="What a unit costs the customer now, without taxes.",
    )
    cost = fields.Float(
        digits="Product Price",
        readonly=True,
        aggregator=None,
        help="What a unit costs us now.",
    )
    amount = fields.Monetary(
        readonly=True,
        help="Below cost: what a year at this price costs us. Of a commitment: what "
        "will be missing.",
    )
    summary = fields.Char(compute="_compute_summary")

    @api.depends("kind", "product_id", "pricelist_id", "agreement_id", "date", "price")
    @api.depends_context("lang")
    def _compute_summary(self):
        for warning in self:
            warning.summary = warning._get_summary()

    def _get_summary(self):
        """Say in the reader's language what is coming."""
        self.ensure_one()
        if self.kind == "below_cost":
            return self.env._(
                "%(product)s is sold at %(price)s and costs us %(cost)s.",
                product=self.product_id.display_name,
                price=formatLang(self.env, self.price, dp="Product Price"),
                cost=formatLang(self.env, self.cost, dp="Product Price"),
            )
        terms = (self.pricelist_id or self.agreement_id).display_name
        if self.kind == "commitment":
            return self.env._("A commitment of %s will be missed.", terms)
        return self.env._(
            "%(terms)s ends on %(day)s.",
            terms=terms,
            day=format_date(self.env, self.date),
        )

    @api.model
    def _collect(self, accounts, today):
        """Return what is coming for accounts of one company.

        :param accounts: ``key.account`` records
        :param today: the company's day
        :return: list of values, without the audit
        """
        return [
            *self._collect_ends(accounts, today),
            *self._collect_commitments(accounts, today),
            *self._collect_below_cost(accounts, today),
        ]

    @api.model
    def _collect_ends(self, accounts, today):
        """Name the lists and agreements of accounts that end soon."""
        ahead = today + relativedelta(days=AHEAD_DAYS)
        found = [
            {
                "account_id": account.id,
                "kind": "list_end",
                "pricelist_id": account.pricelist_id.id,
                "date": account.pricelist_id.key_account_date_end,
            }
            for account in accounts._filter_list_ends(today, ahead)
        ]
        agreements = self.env["key.account.agreement"].search(
            [
                ("account_id", "in", accounts.ids),
                ("state", "=", "active"),
                ("renewal", "!=", "automatic"),
                ("date_end", ">=", today),
                ("date_end", "<=", ahead),
                ("next_ids", "not any", [("state", "!=", "terminated")]),
            ]
        )
        return found + [
            {
                "account_id": agreement.account_id.id,
                "kind": "agreement_end",
                "agreement_id": agreement.id,
                "date": agreement.date_end,
            }
            for agreement in agreements
        ]

    @api.model
    def _collect_commitments(self, accounts, today):
        """Name the commitments that will be missed at the present rate."""
        commitments = self.env["key.account.commitment"]._find_missed(accounts, today)
        return [
            {
                "account_id": commitment.account_id.id,
                "kind": "commitment",
                "agreement_id": commitment.agreement_id.id,
                "date": commitment.date_to,
                "amount": commitment.shortfall if commitment.kind == "revenue" else 0.0,
            }
            for commitment in commitments
        ]

    @api.model
    def _collect_below_cost(self, accounts, today):
        """Name what accounts buy at a price that doesn't cover its cost any more.

        The largest quantity of a year's invoice lines decides on the price, so that no
        scale of prices that is bought by goes unseen.
        """
        bought = self.env["account.move.line"]._read_group(
            Domain(
                [
                    ("move_id.key_account_id", "in", accounts.ids),
                    ("parent_state", "=", "posted"),
                    ("move_type", "=", "out_invoice"),
                    ("display_type", "=", "product"),
                    ("product_id", "!=", False),
                    ("quantity", ">", 0),
                    ("invoice_date", ">=", today - relativedelta(days=BACK_DAYS)),
                ]
            ),
            ["move_id.key_account_id", "product_id"],
            ["quantity:max", "quantity:sum"],
        )
        found = []
        of_accounts = {}
        for account, product, most, total in bought:
            of_accounts.setdefault(account, []).append((product, most, total))
        for account, rows in of_accounts.items():
            found += self._compare_with_cost(account, rows)
        return found

    @api.model
    def _compare_with_cost(self, account, rows):
        """Compare the prices of today with costs.

        :param rows: list of (product, largest quantity, quantity of a year)
        :return: list of values
        """
        Price, company = self.env["key.account.price"], account.company_id
        currency = company.currency_id
        lists = Price._get_lists(account)
        steps = Price._get_quantity_steps(lists)
        found = []
        for _step, of_quantity in groupby(
            rows, lambda row: Price._get_step(steps, row[1])
        ):
            products = self.env["product.product"].union(
                *(product for product, _most, _total in of_quantity)
            )
            prices = Price._get_prices(
                account, products, of_quantity[0][1], currency=currency, lists=lists
            )
            for product, _most, total in of_quantity:
                mine = product.with_company(company)
                taxes = mine.taxes_id._filter_taxes_by_company(company)
                amount = prices[product.id].amount
                price = Price._get_untaxed(amount, taxes, mine, currency)
                cost = mine.standard_price
                if mine.type == "combo" or float_compare(price, cost, 6) >= 0:
                    continue
                found.append(
                    {
                        "account_id": account.id,
                        "kind": "below_cost",
                        "product_id": product.id,
                        "pricelist_id": prices[product.id].benefit.value.id,
                        "price": price,
                        "cost": cost,
                        "amount": currency.round((cost - price) * total),
                    }
                )
        return found
