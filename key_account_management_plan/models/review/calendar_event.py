# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class CalendarEvent(models.Model):
    """A meeting that reviews an account has its minutes and promises."""

    _inherit = "calendar.event"

    key_account_review_ids = fields.One2many(
        "key.account.review",
        "event_id",
        groups="key_account_management.group_key_account_user",
    )
    key_account_minutes = fields.Html(
        compute="_compute_key_account_minutes",
        inverse="_inverse_key_account_minutes",
        string="Minutes of the Review",
        groups="key_account_management.group_key_account_user",
        help="For users with access to the account.",
    )
    has_key_account_review = fields.Boolean(
        compute="_compute_key_account_minutes",
        groups="key_account_management.group_key_account_user",
    )

    @api.depends_context("uid")
    @api.depends("key_account_review_ids.minutes")
    def _compute_key_account_minutes(self):
        reviews = self.env["key.account.review"].search([("event_id", "in", self.ids)])
        by_event = reviews.grouped("event_id")
        for event in self:
            # Those that the user may read; record rules have chosen them.
            review = by_event.get(event._origin, reviews.browse())
            event.has_key_account_review = bool(review)
            event.key_account_minutes = review.minutes

    def _inverse_key_account_minutes(self):
        for event in self:
            review = self.env["key.account.review"].search(
                [("event_id", "=", event.id)]
            )
            review.minutes = event.key_account_minutes

    def action_view_key_account_review(self):
        """Open the review that this meeting is."""
        self.ensure_one()
        self.check_access("read")
        review = self.env["key.account.review"].search([("event_id", "=", self.id)])
        return review._get_records_action(context={})
