# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.key_account_management.models.tools.records import (
    count_related,
    open_records,
)


class KeyAccount(models.Model):
    _inherit = "key.account"

    review_ids = fields.One2many("key.account.review", "account_id", string="Reviews")
    review_count = fields.Integer(
        compute="_compute_review_count", string="Number of Reviews"
    )

    def _compute_review_count(self):
        counts = count_related(self, "key.account.review", "account_id")
        for account in self:
            account.review_count = counts[account.id]

    def action_view_reviews(self):
        """Open the reviews of the account."""
        self.ensure_one()
        self.check_access("read")
        return open_records(
            self.env,
            "key_account_management_plan.key_account_review_action",
            [("account_id", "=", self.id)],
            context={"default_account_id": self.id},
        )

    def action_plan_review(self):
        """Open the proposal of a review: when, and with whom.

        :return: action with the form as a dialog
        """
        self.ensure_one()
        self.check_access("write")
        plan = self.env["key.account.review.plan"].create({"account_id": self.id})
        return self._open_review_plan(plan)

    def _open_review_plan(self, plan):
        """Return the action that opens a proposal as a dialog."""
        self.ensure_one()
        return plan._get_records_action(
            name=self.env._("Plan a Review of %s", self.display_name),
            views=[(False, "form")],
            target="new",
            context={},
        )

    def action_briefing(self):
        """Open the one-page briefing in the web client; it can be printed from there.

        :return: action of the report
        """
        self.ensure_one()
        self.check_access("read")
        report = self.env.ref(
            "key_account_management_plan.key_account_briefing_report_action_page"
        )
        return report.report_action(self, config=False)

    def _report_sections(self, period):
        """Add the promises of reviews that are open, or were kept in the month."""
        sections = super()._report_sections(period)
        promises = self.env["key.account.promise"].search(
            Domain("account_id", "in", self.ids)
            & (
                Domain("date_done", "=", False)
                | (
                    Domain("date_done", ">=", period[0])
                    & Domain("date_done", "<=", period[1])
                )
            )
        )
        if not promises:
            return sections
        sides = dict(promises._fields["side"]._description_selection(self.env))
        sections.append(
            {
                "key": "promises",
                "sequence": 60,
                "title": self.env._("Promises"),
                "internal": True,
                "head": True,
                "columns": [
                    self._report_account_column(),
                    (self.env._("Promise"), "text"),
                    (self.env._("Side"), "text"),
                    (self.env._("Owner"), "text"),
                    (self.env._("Due"), "day"),
                    (self.env._("Kept on"), "day"),
                ],
                "rows": [
                    (
                        promise.account_id.partner_name,
                        promise.name,
                        sides[promise.side],
                        promise.user_id.name,
                        promise.date,
                        promise.date_done,
                    )
                    for promise in promises
                ],
            }
        )
        return sections
