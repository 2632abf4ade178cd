# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.records import open_records

#: The same cause counts as a recurrence within this many months.
RECURRENCE_MONTHS = 6


class KeyAccountComplaintEightD(models.AbstractModel):
    """The eight disciplines: contain, find the cause, correct, prevent, prove."""

    _name = "key.account.complaint.eight.d"
    _description = "8D Work on a Complaint"
    _inherit = "key.account.complaint.flow"
    _server_written = ("effectiveness_state",)

    team_user_ids = fields.Many2many(
        "res.users",
        "key_account_complaint_team_rel",
        string="8D Team",
        domain=[("share", "=", False)],
    )
    problem = fields.Html(
        string="Problem Description", help="What, where, how many, and since when."
    )
    containment = fields.Html(help="How the customer is protected at once.")
    root_cause_kind = fields.Selection(
        [
            ("people", "People"),
            ("machine", "Machine"),
            ("material", "Material"),
            ("method", "Method"),
            ("measurement", "Measurement"),
            ("environment", "Environment"),
            ("supplier", "Supplier"),
            ("carrier", "Carrier"),
            ("customer", "Customer"),
            ("unknown", "Not Found"),
        ],
        string="Kind of Cause",
        index="btree_not_null",
        tracking=True,
    )
    root_cause = fields.Html()
    why_ids = fields.One2many("key.account.complaint.why", "complaint_id")
    action_ids = fields.One2many("key.account.complaint.action", "complaint_id")
    corrective = fields.Html(string="Corrective Measures")
    preventive = fields.Html(string="Preventive Measures")
    recognition = fields.Html(string="Lessons and Thanks")
    effectiveness_date = fields.Date(
        string="Effectiveness Check",
        copy=False,
        tracking=True,
        help="Planned when the complaint is closed.",
    )
    effectiveness_state = fields.Selection(
        [
            ("planned", "To Be Checked"),
            ("effective", "Effective"),
            ("ineffective", "Not Effective"),
        ],
        string="Effectiveness",
        readonly=True,
        copy=False,
        tracking=True,
    )
    recurrence_count = fields.Integer(
        compute="_compute_recurrence_count",
        string="Recurrences",
        help="Other complaints about the same product with the same kind of cause, or "
        "the same category while the cause isn't known, within six months.",
    )

    def _recurrence_key(self):
        """Return what makes two complaints the same; None where nothing does."""
        self.ensure_one()
        cause = self.root_cause_kind
        if not self.product_id or not (cause or self.category_id):
            return None
        return (self.product_id.id, cause or f"category {self.category_id.id}")

    @api.depends("product_id", "root_cause_kind", "category_id", "company_id")
    def _compute_recurrence_count(self):
        since = fields.Datetime.now() - relativedelta(months=RECURRENCE_MONTHS)
        products = self.product_id.ids
        by_key = {}
        if products:
            # sudo: a number is shown, not the other customers.
            groups = self.sudo()._read_group(
                [
                    ("product_id", "in", products),
                    ("company_id", "in", self.company_id.ids),
                    ("create_date", ">=", since),
                    ("stage_kind", "!=", "cancelled"),
                ],
                ["company_id", "product_id", "root_cause_kind", "category_id"],
                ["id:recordset"],
            )
            for company, product, cause, category, complaints in groups:
                key = (company.id, product.id)
                for value in (cause, category and f"category {category.id}"):
                    if value:
                        by_key.setdefault((*key, value), set()).update(complaints.ids)
        for complaint in self:
            key = complaint._recurrence_key()
            same = by_key.get((complaint.company_id.id, *key), set()) if key else set()
            complaint.recurrence_count = len(same - {complaint._origin.id})

    def _check_recurrence(self):
        """Alert the owner where the same product fails for the same cause again."""
        activity_type = "key_account_management.mail_activity_type_complaint_recurrence"
        for complaint in self.filtered(lambda complaint: not complaint._is_closed()):
            if complaint.recurrence_count and not complaint.activity_search(
                [activity_type]
            ):
                complaint.activity_schedule(
                    activity_type,
                    date_deadline=complaint.company_id._get_key_account_today(),
                    summary=self.env._(
                        "Recurrence: %(count)d more for %(product)s",
                        count=complaint.recurrence_count,
                        product=complaint.product_id.display_name,
                    ),
                    user_id=complaint.user_id.id or self.env.uid,
                )

    def action_view_recurrences(self):
        """Open the other complaints about the same product."""
        self.ensure_one()
        return open_records(
            self.env,
            "key_account_management.key_account_complaint_action",
            [("product_id", "=", self.product_id.id), ("id", "!=", self.id)],
        )

    def _after_closing(self, now):
        self._plan_effectiveness_check()
        return super()._after_closing(now)

    def _after_reopening(self, now):
        # sudo: only the server writes the result of the check.
        self.sudo().write({"effectiveness_state": False, "effectiveness_date": False})
        return super()._after_reopening(now)

    def _plan_effectiveness_check(self):
        """Plan the check where measures were taken that could fail."""
        for complaint in self:
            if not complaint.action_ids and complaint.severity == "minor":
                continue
            company = complaint.company_id
            days = company.key_account_complaint_check_days
            # sudo: as above.
            complaint.sudo().write(
                {
                    "effectiveness_state": "planned",
                    "effectiveness_date": company._get_key_account_today()
                    + timedelta(days=days),
                }
            )
            complaint.activity_schedule(
                "key_account_management.mail_activity_type_complaint_check",
                date_deadline=complaint.effectiveness_date,
                summary=self.env._("Were the measures effective? %s", complaint.name),
                user_id=complaint.user_id.id or self.env.uid,
            )

    def action_effective(self):
        """Note that the measures have helped.

        :raise UserError: where a complaint isn't closed
        """
        self._set_effectiveness("effective")

    def action_ineffective(self):
        """Note that the measures haven't helped, and take the complaint up again.

        :raise UserError: where a complaint isn't closed
        """
        self._set_effectiveness("ineffective")
        self.action_reopen()
        # sudo: checked above. Reopening clears the result; this one has to be seen.
        self.sudo().effectiveness_state = "ineffective"

    def _set_effectiveness(self, state):
        self.check_access("write")
        if any(complaint.stage_kind != "done" for complaint in self):
            raise UserError(
                self.env._("The effectiveness is checked once a complaint is closed.")
            )
        # sudo: only the server writes the result; access was checked above.
        self.sudo().effectiveness_state = state
        self.activity_feedback(
            ["key_account_management.mail_activity_type_complaint_check"]
        )

    def _take_over(self, other):
        # sudo: measures of complaints that the user may edit.
        other.sudo().action_ids.complaint_id = self
        return super()._take_over(other)


class KeyAccountComplaintWhy(models.Model):
    """One answer to "why?" on the way to the root cause."""

    _name = "key.account.complaint.why"
    _description = "Five Whys: Answer"
    _inherit = ["key.account.server.written"]
    _order = "sequence, id"
    _rec_name = "answer"

    complaint_id = fields.Many2one(
        "key.account.complaint", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    question = fields.Char(string="Why?", required=True)
    answer = fields.Char(string="Because", required=True)


class KeyAccountComplaintAction(models.Model):
    """A measure of the 8D work, with an owner and a date."""

    _name = "key.account.complaint.action"
    _description = "Action for a Complaint"
    _inherit = ["key.account.server.written"]
    _order = "kind, date_deadline, id"

    complaint_id = fields.Many2one(
        "key.account.complaint", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("containment", "Containment"),
            ("corrective", "Corrective"),
            ("preventive", "Preventive"),
        ],
        required=True,
        default="corrective",
    )
    name = fields.Char(string="What", required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    date_deadline = fields.Date(
        string="Due",
        required=True,
        default=lambda self: self.env.company._get_key_account_today(),
    )
    done_on = fields.Date()
    is_late = fields.Boolean(compute="_compute_is_late")

    @api.depends("date_deadline", "done_on", "company_id")
    def _compute_is_late(self):
        for action in self:
            until = action.done_on or action.company_id._get_key_account_today()
            action.is_late = bool(action.date_deadline and until > action.date_deadline)

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        for action in actions.filtered(lambda action: not action.done_on):
            action.complaint_id.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=action.date_deadline,
                summary=action.name,
                user_id=action.user_id.id,
            )
        return actions

    def action_done(self):
        """Mark the measures as done today."""
        for company, actions in self.grouped("company_id").items():
            actions.done_on = company._get_key_account_today()
