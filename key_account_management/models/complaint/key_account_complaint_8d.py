# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

#: What counts as the same cause again: within so many months.
RECURRENCE_MONTHS = 6


class KeyAccountComplaint(models.Model):
    """The eight disciplines: contain, find the cause, correct, prevent, prove."""

    _inherit = "key.account.complaint"

    team_user_ids = fields.Many2many(
        "res.users",
        "key_account_complaint_team_rel",
        string="8D Team",
        domain=[("share", "=", False)],
    )
    problem = fields.Html(
        string="Problem Description", help="What, where, when, how many; since when."
    )
    containment = fields.Html(help="What protects the customer at once.")
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
        string="Check of Effectiveness",
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
        string="Same Again",
        help="Other complaints about the same product with the same kind of cause (or "
        "the same category, while the cause isn't known) within six months.",
    )

    def _recurrence_key(self):
        """Return what makes two complaints the same, empty where nothing does."""
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
            # sudo: how often it happened is told, not to whom.
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
        for complaint in self.filtered(lambda complaint: not complaint._is_closed()):
            activity_type = (
                "key_account_management.mail_activity_type_complaint_recurrence"
            )
            if complaint.recurrence_count and not complaint.activity_search(
                [activity_type]
            ):
                complaint.activity_schedule(
                    activity_type,
                    date_deadline=fields.Date.context_today(self),
                    summary=self.env._(
                        "Same again: %(count)d more for %(product)s",
                        count=complaint.recurrence_count,
                        product=complaint.product_id.display_name,
                    ),
                    user_id=complaint.user_id.id or self.env.uid,
                )

    def action_view_recurrences(self):
        """Open the other complaints about the same product."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_management.key_account_complaint_action"
        )
        action["domain"] = [
            ("product_id", "=", self.product_id.id),
            ("id", "!=", self.id),
        ]
        action["context"] = {}
        return action

    def _plan_effectiveness_check(self):
        """Plan the check where something was done that could fail."""
        for complaint in self:
            if not complaint.action_ids and complaint.severity == "minor":
                continue
            days = complaint.company_id.key_account_complaint_check_days
            complaint.write(
                {
                    "effectiveness_state": "planned",
                    "effectiveness_date": fields.Date.context_today(complaint)
                    + timedelta(days=days),
                }
            )
            complaint.activity_schedule(
                "key_account_management.mail_activity_type_complaint_check",
                date_deadline=complaint.effectiveness_date,
                summary=self.env._("Has it helped? %s", complaint.name),
                user_id=complaint.user_id.id or self.env.uid,
            )

    def action_effective(self):
        """Note that the measures have helped."""
        self._set_effectiveness("effective")

    def action_ineffective(self):
        """Note that the measures haven't helped, and take the complaint up again."""
        self._set_effectiveness("ineffective")
        self.action_reopen()
        # Reopening starts afresh; the finding stays to be seen.
        self.effectiveness_state = "ineffective"

    def _set_effectiveness(self, state):
        if any(complaint.stage_kind != "done" for complaint in self):
            raise UserError(
                self.env._("The effectiveness is checked once a complaint is closed.")
            )
        self.effectiveness_state = state
        self.activity_feedback(
            ["key_account_management.mail_activity_type_complaint_check"]
        )
