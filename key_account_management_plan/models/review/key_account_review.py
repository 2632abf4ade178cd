# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, is_html_empty


class KeyAccountReview(models.Model):
    """A review of an account: a meeting in the calendar, its agenda and its outcome.

    Agenda and minutes are kept here and not on the event, which colleagues of other
    accounts can read.
    """

    _name = "key.account.review"
    _description = "Review of a Key Account"
    _inherit = ["mail.thread", "key.account.server.written"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _scope_fields = ("account_id",)

    account_id = fields.Many2one(
        "key.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    event_id = fields.Many2one(
        "calendar.event",
        string="Meeting",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    date = fields.Date(
        compute="_compute_date",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Of the meeting, where there is one.",
    )
    state = fields.Selection(
        [("planned", "Planned"), ("held", "Held")],
        default="planned",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    stakeholder_ids = fields.Many2many(
        "key.account.stakeholder",
        string="Stakeholders",
        domain="[('account_id', '=', account_id), ('left_date', '=', False)]",
    )
    agenda = fields.Html(
        compute="_compute_agenda", store=True, readonly=False, precompute=True
    )
    minutes = fields.Html(help="What was said and decided.")
    promise_ids = fields.One2many("key.account.promise", "review_id", string="Promises")
    previous_id = fields.Many2one(
        "key.account.review",
        string="Last Review",
        compute="_compute_previous_id",
        help="Its promises come first on the agenda.",
    )
    previous_promise_ids = fields.Many2many(
        "key.account.promise",
        compute="_compute_previous_promise_ids",
        string="Promises to Speak About",
    )

    _event_uniq = models.UniqueIndex(
        "(event_id) WHERE event_id IS NOT NULL", "This meeting is a review already."
    )

    @api.depends("account_id", "date")
    def _compute_display_name(self):
        for review in self:
            review.display_name = self.env._(
                "Review of %(account)s, %(day)s",
                account=review.account_id.display_name,
                day=format_date(self.env, review.date),
            )

    @api.depends("event_id.start", "event_id.allday")
    def _compute_date(self):
        for review in self:
            # sudo: when it is, though the event may be a private one.
            event = review.event_id.sudo()
            company = review.company_id or self.env.company
            if event:
                review.date = (
                    event.start_date
                    if event.allday
                    else company._to_key_account_day(event.start)
                )
            elif not review.date:
                review.date = company._get_key_account_today()

    @api.depends("account_id", "date")
    def _compute_previous_id(self):
        held = self.search(
            [("account_id", "in", self.account_id.ids), ("state", "=", "held")],
            order="date desc, id desc",
        )
        by_account = held.grouped("account_id")
        for review in self:
            earlier = by_account.get(review.account_id, held.browse()) - review._origin
            review.previous_id = earlier.filtered(
                lambda other, review=review: other.date <= review.date
            )[:1]

    @api.depends("account_id")
    def _compute_previous_promise_ids(self):
        opened = self.env["key.account.promise"].search(
            [("account_id", "in", self.account_id.ids), ("state", "=", "open")]
        )
        for review in self:
            review.previous_promise_ids = opened.filtered(
                lambda promise, review=review: promise.account_id == review.account_id
                and promise.review_id != review._origin
            )

    @api.depends("account_id")
    def _compute_agenda(self):
        """Begin with what was promised; then what each review speaks about."""
        for review in self:
            if not is_html_empty(review.agenda):
                continue
            rows = [
                Markup("<li>%s</li>") % promise._describe()
                for promise in review.previous_promise_ids
            ]
            topics = [
                self.env._("Orders and deliveries since then"),
                self.env._("Complaints and what came of them"),
                self.env._("Needs and plans of the customer"),
                self.env._("What we offer next"),
            ]
            parts = []
            if rows:
                parts.append(
                    Markup("<li>%s<ul>%s</ul></li>")
                    % (self.env._("Promises of the last review"), Markup().join(rows))
                )
            parts += [Markup("<li>%s</li>") % topic for topic in topics]
            review.agenda = Markup("<ol>%s</ol>") % Markup().join(parts)

    def action_hold(self):
        """Note that the review took place; the next one follows the tier's interval.

        :return: True
        :raise UserError: without minutes
        """
        self.check_access("write")
        for review in self.filtered(lambda each: each.state == "planned"):
            if is_html_empty(review.minutes):
                raise UserError(
                    self.env._("Enter the minutes first: what was said and decided.")
                )
            # sudo: the system's field, after the check of access.
            review.sudo().state = "held"
            review.account_id.action_review_done()
        return True

    def action_reopen(self):
        """Take back that the review took place."""
        self.check_access("write")
        # sudo: see action_hold.
        self.sudo().state = "planned"
        return True

    def action_open_event(self):
        """Open the meeting in the calendar."""
        self.ensure_one()
        self.check_access("read")
        return self.event_id._get_records_action(context={})

    def action_briefing(self):
        """Open the briefing of the account, to be read or printed."""
        self.ensure_one()
        return self.account_id.action_briefing()
