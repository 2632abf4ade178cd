# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountRebateDispute(models.Model):
    """What a customer objects to in a statement, and our answer; all of it is kept."""

    _name = "key.account.rebate.dispute"
    _description = "Objection to a Bonus Statement"
    _inherit = ["mail.thread", "mail.activity.mixin", "key.account.server.written"]
    _order = "id desc"

    rebate_id = fields.Many2one(
        "key.account.rebate",
        string="Bonus",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    account_id = fields.Many2one(related="rebate_id.account_id", store=True)
    company_id = fields.Many2one(related="rebate_id.company_id", store=True)
    line_id = fields.Many2one(
        "account.move.line",
        string="Invoice Line",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    document = fields.Char(readonly=True)
    date_from = fields.Date(string="Period From", readonly=True)
    author_id = fields.Many2one(
        "res.partner", string="From", readonly=True, ondelete="restrict"
    )
    text = fields.Text(string="Objection", required=True, readonly=True)
    answer = fields.Text()
    answered_by = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    answered_on = fields.Datetime(readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("answered", "Answered"), ("corrected", "Corrected")],
        default="open",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )

    @api.depends("rebate_id.name", "document")
    def _compute_display_name(self):
        for dispute in self:
            dispute.display_name = " · ".join(
                filter(None, (dispute.rebate_id.name, dispute.document))
            )

    def write(self, vals):
        if "answer" in vals and not self.env.su:
            for dispute in self:
                if dispute.state != "open":
                    raise UserError(self.env._("This objection is answered already."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Objections are kept, with their answers."))

    @api.model
    def _object(self, rebate, period, line, text):
        """Write down what a customer objects to, and tell the account manager.

        :param rebate: the customer's own bonus (sudo), as the caller has checked
        :param period: first and last day of the statement
        :param line: invoice line in the statement, or empty
        :param str text: what the customer says
        """
        author = self.env.user.partner_id
        # sudo: customers have no access to the model; see above.
        dispute = self.sudo().create(
            {
                "rebate_id": rebate.id,
                "line_id": line.id,
                "document": line.move_id.name,
                "date_from": period[0],
                "author_id": author.id,
                "text": text,
            }
        )
        dispute.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=rebate.company_id._get_key_account_today(),
            summary=self.env._("Objection to the bonus statement"),
            note=text,
            user_id=rebate.account_id.acting_manager_id.id,
        )
        return dispute

    def _check_open(self):
        for dispute in self:
            if dispute.state != "open":
                raise UserError(self.env._("This objection is answered already."))
            if not (dispute.answer or "").strip():
                raise UserError(self.env._("Write the answer for the customer first."))

    def action_answer(self):
        """Answer without a change; the customer reads it beside the statement."""
        self.check_access("write")
        self._check_open()
        self._close("answered")

    def action_leave_out(self):
        """Answer, and leave the line out of the bonus for the reason given.

        :raise UserError: where the objection is about no line
        """
        self.check_access("write")
        self._check_open()
        for dispute in self:
            if not dispute.line_id:
                raise UserError(
                    self.env._(
                        "The objection is about the statement, not about a line."
                    )
                )
            self.env["key.account.rebate.exclusion"].create(
                {
                    "rebate_id": dispute.rebate_id.id,
                    "line_id": dispute.line_id.id,
                    "reason": dispute.answer,
                }
            )
        self._close("corrected")
        # sudo: figures are the server's.
        self.rebate_id.sudo()._refresh()

    def _close(self, state):
        # sudo: no user writes how an objection ended; access is checked by callers.
        self.sudo().write(
            {
                "state": state,
                "answered_by": self.env.uid,
                "answered_on": fields.Datetime.now(),
            }
        )
        for dispute in self.sudo():
            dispute.activity_feedback(["mail.mail_activity_data_todo"])
            dispute.message_post(
                body=dispute.answer,
                partner_ids=dispute.author_id.ids,
                subtype_xmlid="mail.mt_comment",
            )
