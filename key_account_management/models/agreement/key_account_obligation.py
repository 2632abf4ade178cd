# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.fields import Domain


class KeyAccountObligation(models.Model):
    """A promise that one side made in an agreement, with an owner and a date."""

    _name = "key.account.obligation"
    _description = "Obligation of an Agreement"
    _inherit = ["key.account.server.written"]
    _order = "date_due, id"
    _server_written = ("date_done", "activity_id")

    agreement_id = fields.Many2one(
        "key.account.agreement", required=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(related="agreement_id.account_id", store=True)
    company_id = fields.Many2one(related="agreement_id.company_id", store=True)
    name = fields.Char(string="Obligation", required=True)
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
        domain=[("share", "=", False)],
        help="User who makes sure that it is done.",
    )
    department = fields.Char()
    date_due = fields.Date(string="Due", required=True)
    date_done = fields.Date(string="Done on", readonly=True, copy=False)
    activity_id = fields.Many2one("mail.activity", copy=False, ondelete="set null")
    previous_id = fields.Many2one(
        "key.account.obligation",
        string="Continues",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The same obligation in the version that was amended.",
    )
    is_amended = fields.Boolean(
        readonly=True,
        copy=False,
        help="An amendment of the agreement took its place.",
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("done", "Done"),
            ("missed", "Overdue"),
            ("amended", "Amended"),
        ],
        compute="_compute_state",
        search="_search_state",
    )

    @api.depends("date_due", "date_done", "is_amended")
    def _compute_state(self):
        for obligation in self:
            today = obligation.company_id._get_key_account_today()
            if obligation.date_done:
                obligation.state = "done"
            elif obligation.is_amended:
                obligation.state = "amended"
            elif obligation.date_due and obligation.date_due < today:
                obligation.state = "missed"
            else:
                obligation.state = "open"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        done = Domain("date_done", "!=", False)
        overdue = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("date_due", "<", company._get_key_account_today())
            # sudo: the day is that of the obligation's company, for every user.
            for company in self.env["res.company"].sudo().search([])
        )
        amended = ~done & Domain("is_amended", "=", True)
        due = ~done & ~amended
        domains = {
            "done": done,
            "amended": amended,
            "missed": due & overdue,
            "open": due & ~overdue,
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model_create_multi
    def create(self, vals_list):
        obligations = super().create(vals_list)
        obligations.filtered(
            lambda obligation: obligation.agreement_id.state == "active"
        )._schedule()
        return obligations

    def write(self, vals):
        if not self.env.su:
            message = self.env._(
                "An obligation stays with its agreement. Delete it there, and enter it "
                "in the other agreement."
            )
            self._check_stays(vals, "agreement_id", message)
        return super().write(vals)

    def _schedule(self):
        """Plan an activity for each owner, once."""
        # sudo: no user says which activity belongs to an obligation.
        for obligation in self.filtered(
            lambda o: not o.activity_id and not o.date_done and not o.is_amended
        ):
            obligation.sudo().activity_id = obligation.agreement_id.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=obligation.date_due,
                summary=obligation.name,
                note=obligation.department or "",
                user_id=obligation.user_id.id,
            )

    def _amend(self):
        """Close what an amendment goes on with, so that nothing is asked for twice."""
        # sudo: no user writes these; the amendment was approved.
        still_open = self.sudo().filtered(lambda o: not o.date_done)
        still_open.is_amended = True
        still_open.activity_id.unlink()

    def action_done(self):
        """Mark the obligations as done, with their activities."""
        self.check_access("write")
        # sudo: no user writes the date, write access is checked above; and the activity
        # belongs to the owner, but any user with access can mark it as done.
        for obligation in self.sudo().filtered(lambda o: o.state in ("open", "missed")):
            obligation.date_done = obligation.company_id._get_key_account_today()
            obligation.activity_id.action_feedback()
