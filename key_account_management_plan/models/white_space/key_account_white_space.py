# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.key_account_management.models.tools.batches import in_batches

#: What a refresh writes, beside account and category.
COLUMNS = (
    "company_id",
    "category_level",
    "revenue",
    "revenue_before",
    "median_share",
    "potential",
    "basis",
    "comparable_count",
)


class KeyAccountWhiteSpace(models.Model):
    """A cell of account × product category: what it buys, and what it could buy.

    There is a cell where something was bought in two years, or could be. Categories
    of all levels have theirs; those above contain those below.
    """

    _name = "key.account.white.space"
    _description = "White Space"
    _inherit = ["key.account.server.written", "key.account.white.space.figures"]
    _order = "potential desc, id"

    account_id = fields.Many2one(
        "key.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    manager_id = fields.Many2one(related="account_id.manager_id")
    segment_id = fields.Many2one(related="account_id.segment_id")
    tier_id = fields.Many2one(related="account_id.tier_id")
    category_id = fields.Many2one(
        "product.category",
        string="Product Category",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    category_level = fields.Integer(
        string="Level",
        readonly=True,
        aggregator=None,
        help="1 for the categories at the top. Totals of several levels count twice.",
    )
    revenue = fields.Monetary(
        readonly=True,
        string="Revenue (12 Months)",
        help="Posted invoices minus credit notes, without taxes, at the rate of the "
        "invoice date.",
    )
    revenue_before = fields.Monetary(readonly=True, string="Revenue (Year Before)")
    trend = fields.Float(
        compute="_compute_trend",
        string="Trend (%)",
        help="Revenue against the twelve months before.",
    )
    median_share = fields.Float(
        readonly=True,
        string="Comparable Accounts (%)",
        digits=(9, 2),
        aggregator="avg",
        help="The median part of their revenue that comparable accounts spend on the "
        "category.",
    )
    potential = fields.Monetary(
        readonly=True,
        help="That part of the account's own revenue, minus what it buys already.",
    )
    basis = fields.Selection(
        [
            ("tier", "Same Segment and Tier"),
            ("segment", "Same Segment"),
            ("none", "Too Few to Compare"),
        ],
        string="Compared With",
        readonly=True,
    )
    comparable_count = fields.Integer(
        readonly=True,
        string="Number of Comparable Accounts",
        aggregator=None,
        help="At least five, without those of the account's own group.",
    )
    date = fields.Date(
        related="company_id.key_account_white_space_date", string="As Of"
    )
    opportunity_count = fields.Integer(
        compute="_compute_opportunities",
        string="Open Opportunities",
        groups="sales_team.group_sale_salesman",
    )
    opportunity_amount = fields.Monetary(
        compute="_compute_opportunities",
        string="Expected of Opportunities",
        groups="sales_team.group_sale_salesman",
    )
    competitor_id = fields.Many2one(
        "key.account.competitor",
        compute="_compute_competitor",
        search="_search_competitor_id",
        string="Held By",
        help="The competitor with the largest share of this category, or of one above.",
    )
    competitor_share = fields.Float(
        compute="_compute_competitor", string="Its Share (%)", digits=(5, 1)
    )

    _account_category_uniq = models.Constraint(
        "unique (account_id, category_id)",
        "There is one cell for each account and category.",
    )
    _potential_idx = models.Index("(company_id, category_level, potential)")

    @api.depends("account_id", "category_id")
    def _compute_display_name(self):
        for cell in self:
            cell.display_name = self.env._(
                "%(account)s: %(category)s",
                account=cell.account_id.display_name,
                category=cell.category_id.display_name,
            )

    @api.depends("revenue", "revenue_before")
    def _compute_trend(self):
        for cell in self:
            before = cell.revenue_before
            cell.trend = 100 * (cell.revenue - before) / before if before > 0 else 0.0

    @api.depends("account_id", "category_id")
    def _compute_opportunities(self):
        groups = self.env["crm.lead"]._read_group(
            Domain("key_account_category_id", "child_of", self.category_id.ids)
            & Domain("won_status", "=", "pending")
            & Domain("type", "=", "opportunity")
            & self.account_id._customer_domain(self.env["crm.lead"]),
            ["partner_id", "company_id", "key_account_category_id"],
            ["__count", "expected_revenue:sum"],
        )
        by_cell = {}
        for contact, company, category, count, amount in groups:
            # sudo: a contact's company, to add up what the user may read.
            customer = contact.sudo().commercial_partner_id
            for upper in category._get_key_account_line():
                found = by_cell.setdefault((customer.id, upper), [])
                found.append((company, count, amount))
        companies = self.account_id._get_document_companies()
        for cell in self:
            own = companies.get(cell.account_id.id, ())
            key = (cell.account_id.partner_id.id, cell.category_id.id)
            found = [each for each in by_cell.get(key, ()) if each[0].id in own]
            cell.opportunity_count = sum(count for _company, count, _amount in found)
            cell.opportunity_amount = sum(amount for _company, _count, amount in found)

    @api.depends("account_id", "category_id")
    def _compute_competitor(self):
        shares = self.env["key.account.share"]._search_held(self.account_id)
        held = {}
        for entry in shares:
            held.setdefault((entry.account_id, entry.category_id.id), entry)
        for cell in self:
            line = [*cell.category_id._get_key_account_line(), False]
            found = [
                held[key] for each in line if (key := (cell.account_id, each)) in held
            ]
            entry = found[0] if found else shares.browse()
            cell.competitor_id = entry.competitor_id
            cell.competitor_share = entry.share

    @api.model
    def _search_competitor_id(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        shares = self.env["key.account.share"].search(
            Domain("is_current", "=", True) & Domain("competitor_id", operator, value)
        )
        found = Domain.FALSE
        for category, entries in shares.grouped("category_id").items():
            cells = Domain("account_id", "in", entries.account_id.ids)
            if category:
                cells &= Domain("category_id", "child_of", category.id)
            found |= cells
        return found

    @api.model
    def _refresh(self, companies):
        """Take all cells of companies again; what stays the same isn't written.

        :param companies: res.company records
        """
        self.env.flush_all()
        for company in companies:
            today = company._get_key_account_today()
            since = self.env["key.account"]._figures_period(today)
            cells = self._cells_sql(
                company, since, since - relativedelta(years=1), today
            )
            self.env.cr.execute(self._write_sql(company, cells))
            company.key_account_white_space_date = today
        self.invalidate_model()

    @api.model
    def _write_sql(self, company, cells):
        """Build the statement that writes new and changed cells, and deletes others."""
        names = [SQL.identifier(name) for name in COLUMNS]
        columns = SQL(", ").join(names)
        return SQL(
            """
            WITH cell AS MATERIALIZED (
                SELECT found.*, %(company)s AS company_id,
                       array_length(string_to_array(category.parent_path, '/'), 1) - 1
                           AS category_level
                  FROM (%(cells)s) found
                  JOIN product_category category ON category.id = found.category_id),
            gone AS (
                DELETE FROM key_account_white_space old
                 WHERE old.company_id = %(company)s AND NOT EXISTS (
                       SELECT FROM cell WHERE cell.account_id = old.account_id
                          AND cell.category_id = old.category_id))
            INSERT INTO key_account_white_space AS old
                   (account_id, category_id, create_uid, create_date, %(columns)s)
            SELECT account_id, category_id, %(uid)s, now() AT TIME ZONE 'UTC',
                   %(columns)s
              FROM cell
                ON CONFLICT (account_id, category_id) DO UPDATE
               SET (%(columns)s) = ROW(%(new)s)
             WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
            """,
            company=company.id,
            cells=cells,
            uid=self.env.uid,
            columns=columns,
            new=SQL(", ").join(SQL("EXCLUDED.%s", name) for name in names),
            old=SQL(", ").join(SQL("old.%s", name) for name in names),
        )

    @api.model
    def _cron_refresh(self):
        """Take the cells of all companies with accounts, one after the other."""
        companies = self.env["res.company"].search(
            [("id", "in", self.env["key.account"]._search([]).subselect("company_id"))]
        )
        in_batches(companies, 1, self._refresh, step="white space")

    def action_new_opportunity(self):
        """Open a new opportunity about this cell, with amount and competitor.

        :return: action with the form as a dialog
        """
        self.ensure_one()
        self.check_access("read")
        return self.account_id._new_opportunity_action(
            self.category_id, self.competitor_id, self.potential
        )

    def action_view_opportunities(self):
        """Open the opportunities of the account about this category."""
        self.ensure_one()
        self.check_access("read")
        return self.account_id._open_category_opportunities(self.category_id)
