# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models

from odoo.addons.key_account_management.models.tools.records import (
    count_related,
    open_records,
)


class KeyAccount(models.Model):
    _inherit = "key.account"

    share_ids = fields.One2many("key.account.share", "account_id", string="Competitors")
    current_share_ids = fields.One2many(
        "key.account.share",
        "account_id",
        string="What Competitors Hold",
        domain=[("is_current", "=", True)],
    )
    share_count = fields.Integer(
        compute="_compute_share_count", string="Number of Competitors"
    )

    def _compute_share_count(self):
        counts = count_related(
            self, "key.account.share", "account_id", [("is_current", "=", True)]
        )
        for account in self:
            account.share_count = counts[account.id]

    def _take_current_shares(self):
        """Mark the latest entry of each competitor, and what it has gained."""
        Share = self.env["key.account.share"]
        Share.flush_model()
        self.env.cr.execute(Share._current_sql(self))
        Share.invalidate_model(["is_current", "previous_share", "gain"])

    def _new_opportunity_action(self, category, competitor, amount=0.0):
        """Return the action that opens a new opportunity with the customer.

        :param category: ``product.category`` that it is about
        :param competitor: who delivers it today, empty where it isn't known
        :param float amount: expected revenue in the account's currency
        """
        self.ensure_one()
        form = self.env.ref("crm.crm_lead_view_form")
        topic = category.name or competitor.name or self.env._("New Business")
        return self.env["crm.lead"]._get_records_action(
            name=self.env._("New Opportunity"),
            views=[(form.id, "form")],
            target="new",
            context={
                "default_type": "opportunity",
                "default_name": self.env._(
                    "%(customer)s: %(topic)s",
                    customer=self.display_name,
                    topic=topic,
                ),
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
                "default_user_id": self.acting_manager_id.id,
                "default_expected_revenue": amount,
                "default_key_account_category_id": category.id,
                "default_key_account_competitor_id": competitor.id,
            },
        )

    def action_view_shares(self):
        """Open what competitors hold of the customer's demand."""
        self.ensure_one()
        self.check_access("read")
        return open_records(
            self.env,
            "key_account_management_plan.key_account_share_action",
            [("account_id", "=", self.id)],
            context={"default_account_id": self.id, "search_default_current": True},
        )
