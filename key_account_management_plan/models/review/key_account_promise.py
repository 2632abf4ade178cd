# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class KeyAccountPromise(models.Model):
    """What one side promised in a review, with an owner and a date."""

    _name = "key.account.promise"
    _description = "Promise of a Review"
    _inherit = ["key.account.server.written"]
    _order = "date, id"
    _server_written = ("activity_id",)

    review_id = fields.Many2one(
        "key.account.review", required=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(related="review_id.account_id", store=True, index=True)
    company_id = fields.Many2one(related="review_id.company_id", store=True)
    name = fields.Char(string="Promise", required=True)
    side = fields.Selection(
        [("ours", "Ours"), ("customer", "The Customer's")],
        default="ours",
        required=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="User who keeps it, or who asks the customer for it.",
    )
    stakeholder_id = fields.Many2one(
        "key.account.stakeholder",
        string="Given By",
        ondelete="set null",
        domain="[('account_id', '=', account_id)]",
    )
    date = fields.Date(string="Due", required=True, index=True)
    date_done = fields.Date(string="Kept on", readonly=True, copy=False)
    activity_id = fields.Many2one("mail.activity", copy=False, ondelete="set null")
    state = fields.Selection(
        [("open", "Open"), ("done", "Kept")],
        compute="_compute_state",
        store=True,
    )
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")

    @api.depends("date_done")
    def _compute_state(self):
        for promise in self:
            promise.state = "done" if promise.date_done else "open"

    @api.depends("date", "date_done")
    def _compute_is_late(self):
        for promise in self:
            today = promise.company_id._get_key_account_today()
            promise.is_late = bool(
                promise.date and not promise.date_done and promise.date < today
            )

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("date_done", "=", False) & Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("date", "<", company._get_key_account_today())
            for company in self.env.companies
        )
        return late if True in value else ~late

    @api.model_create_multi
    def create(self, vals_list):
        promises = super().create(vals_list)
        promises._schedule()
        return promises

    def write(self, vals):
        if not self.env.su:
            message = self.env._("A promise stays with its review.")
            self._check_stays(vals, "review_id", message)
        result = super().write(vals)
        if not {"name", "date", "user_id"}.isdisjoint(vals):
            self._follow_up()
        return result

    def unlink(self):
        # sudo: the activity is the promise's own, with any user.
        self.sudo().activity_id.unlink()
        return super().unlink()

    def _schedule(self):
        """Give each owner an activity, once."""
        # sudo: no user says which activity belongs to a promise.
        for promise in self.sudo().filtered(
            lambda each: not each.activity_id and not each.date_done
        ):
            promise.activity_id = promise.account_id.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=promise.date,
                summary=promise._describe_task(),
                user_id=promise.user_id.id,
            )

    def _follow_up(self):
        """Let the activities follow changed promises."""
        # sudo: see _schedule.
        for promise in self.sudo().filtered("activity_id"):
            promise.activity_id.write(
                {
                    "summary": promise._describe_task(),
                    "date_deadline": promise.date,
                    "user_id": promise.user_id.id,
                }
            )

    def _describe_task(self):
        self.ensure_one()
        if self.side == "ours":
            return self.name
        return self.env._("Ask the customer: %s", self.name)

    def _describe(self):
        """Return the promise with owner and date, as one line of an agenda."""
        self.ensure_one()
        who = self.user_id.name
        if self.side == "customer":
            who = self.stakeholder_id.name or self.account_id.display_name
        return self.env._(
            "%(promise)s (%(who)s, %(day)s)",
            promise=self.name,
            who=who,
            day=format_date(self.env, self.date),
        )

    def action_done(self):
        """Note that the promises were kept, with their activities.

        :return: True
        """
        self.check_access("write")
        # sudo: the system's date, after the check; and the activity belongs to the
        # owner, but each user with access to the account can mark it as done.
        for promise in self.sudo().filtered(lambda each: not each.date_done):
            promise.date_done = promise.company_id._get_key_account_today()
            promise.activity_id.action_feedback()
        return True

    def action_undo(self):
        """Take back that the promises were kept.

        :return: True
        """
        self.check_access("write")
        # sudo: see action_done.
        self.sudo().date_done = False
        self._schedule()
        return True
