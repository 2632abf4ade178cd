# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models

from odoo.addons.key_account_management.models.tools.records import (
    count_related,
    open_records,
)


class KeyAccountCompetitor(models.Model):
    """A company that sells to our customers what we would like to sell."""

    _name = "key.account.competitor"
    _description = "Competitor"
    _inherit = ["mail.thread"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: all companies work with it."
    )
    website = fields.Char()
    strengths = fields.Text(tracking=True, help="What customers like about them.")
    weaknesses = fields.Text(tracking=True, help="What customers miss with them.")
    answer = fields.Text(
        string="What We Answer",
        tracking=True,
        help="What an account manager says when the customer names this competitor.",
    )
    share_ids = fields.One2many("key.account.share", "competitor_id")
    account_count = fields.Integer(
        compute="_compute_account_count",
        string="Accounts",
        help="Accounts of whose demand it holds a share.",
    )
    lost_count = fields.Integer(
        compute="_compute_opportunities",
        string="Opportunities Lost to It",
        groups="sales_team.group_sale_salesman",
    )
    won_count = fields.Integer(
        compute="_compute_opportunities",
        string="Opportunities Won Against It",
        groups="sales_team.group_sale_salesman",
    )

    _name_uniq = models.UniqueIndex(
        "(lower(name), COALESCE(company_id, 0))",
        "A competitor with this name is on the list already.",
    )

    def _compute_account_count(self):
        groups = self.env["key.account.share"]._read_group(
            [("competitor_id", "in", self.ids), ("is_current", "=", True)],
            ["competitor_id"],
            ["account_id:count_distinct"],
        )
        counts = {competitor.id: count for competitor, count in groups}
        for competitor in self:
            competitor.account_count = counts.get(competitor._origin.id, 0)

    def _compute_opportunities(self):
        # Lost ones are archived.
        Lead = self.env["crm.lead"].with_context(active_test=False)
        for status, fname in (("lost", "lost_count"), ("won", "won_count")):
            counts = count_related(
                self, Lead, "key_account_competitor_id", [("won_status", "=", status)]
            )
            for competitor in self:
                competitor[fname] = counts[competitor.id]

    def action_view_shares(self):
        """Open what the competitor holds of accounts, newest entries first."""
        self.ensure_one()
        self.check_access("read")
        return open_records(
            self.env,
            "key_account_management_plan.key_account_share_action",
            [("competitor_id", "=", self.id)],
            context={
                "default_competitor_id": self.id,
                "search_default_current": True,
            },
        )

    def action_view_opportunities(self):
        """Open the opportunities in which we met the competitor."""
        self.ensure_one()
        self.check_access("read")
        return open_records(
            self.env,
            "crm.crm_lead_opportunities",
            [("key_account_competitor_id", "=", self.id)],
            context={"active_test": False, "default_type": "opportunity"},
        )
