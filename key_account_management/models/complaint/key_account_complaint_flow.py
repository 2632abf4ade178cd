# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from .key_account_complaint_stage import CLOSED_KINDS


class KeyAccountComplaintFlow(models.AbstractModel):
    """The way of a complaint through its stages, and of duplicates into one.

    What else a complaint is made of (clocks, 8D, remedy, mails) extends the hooks
    ``_after_closing``, ``_after_reopening``, ``_after_cancelling`` and ``_take_over``.
    """

    _name = "key.account.complaint.flow"
    _description = "Stages of a Complaint"
    _inherit = ["key.account.server.written", "mail.activity.mixin", "mail.thread"]
    _server_written = ("stage_kind", "closed_on", "reopen_count", "duplicate_of_id")

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    stage_id = fields.Many2one(
        "key.account.complaint.stage",
        required=True,
        index=True,
        ondelete="restrict",
        copy=False,
        tracking=True,
        default=lambda self: self.env["key.account.complaint.stage"]._first("new"),
        group_expand="_read_group_stage_id",
    )
    stage_kind = fields.Selection(
        related="stage_id.kind",
        store=True,
        index=True,
        string="Kind of Stage",
    )
    kanban_state = fields.Selection(
        [("normal", "In Progress"), ("done", "Ready"), ("blocked", "Blocked")],
        default="normal",
        required=True,
        copy=False,
    )
    closed_on = fields.Datetime(readonly=True, copy=False)
    reopen_count = fields.Integer(readonly=True, copy=False, string="Reopened")
    duplicate_of_id = fields.Many2one(
        "key.account.complaint", readonly=True, copy=False, index="btree_not_null"
    )

    @api.model
    def _read_group_stage_id(self, stages, domain):
        """Show every stage as a column of the board."""
        return self.env["key.account.complaint.stage"].search([("active", "=", True)])

    def _is_closed(self):
        self.ensure_one()
        return self.stage_kind in CLOSED_KINDS

    def _move_to(self, *kinds):
        """Move complaints to the first stage of these kinds, unless they are in one."""
        stage = self.env["key.account.complaint.stage"]._first(*kinds)
        self.filtered(lambda complaint: complaint.stage_id.kind not in kinds).write(
            {"stage_id": stage.id}
        )

    def _after_stage_change(self, before):
        """Let everything follow the stage.

        :param before: dict of complaint -> stage that it had
        """
        now = fields.Datetime.now()
        for complaint in self:
            old, new = before[complaint].kind, complaint.stage_id.kind
            if old == new:
                continue
            if new in CLOSED_KINDS:
                # sudo: the server's own date; the user was allowed to write the stage.
                complaint.sudo().closed_on = now
            if new == "cancelled":
                complaint._after_cancelling(now)
            elif new == "done":
                complaint._after_closing(now)
            else:
                if old in CLOSED_KINDS:
                    complaint._after_reopening(now)
                complaint._after_moving(now, old, new)

    def _after_closing(self, now):
        """Do what closing one complaint entails; a hook.

        :param now: naive UTC datetime of the change
        """

    def _after_cancelling(self, now):
        """Do what cancelling one complaint entails; a hook, as above."""

    def _after_reopening(self, now):
        """Do what reopening one complaint entails; a hook, as above."""
        # sudo: as above.
        self.sudo().write({"closed_on": False, "reopen_count": self.reopen_count + 1})

    def _after_moving(self, now, old, new):
        """Do what a move between kinds of open stages entails; a hook.

        :param str old: kind of the stage before
        :param str new: kind of the stage now
        """

    def action_wait(self):
        """Wait for the customer: the clocks stand still."""
        self._move_to("waiting")

    def action_go_on(self):
        """Continue the work: the clocks go on."""
        self._move_to("open")

    def action_close(self):
        """Close the complaints.

        :raise UserError: where it isn't said how a complaint was resolved
        """
        self._move_to("done")

    def action_reopen(self):
        """Take closed complaints up again."""
        self._move_to("open")

    def action_cancel(self):
        """Cancel complaints that turned out to be unfounded.

        :raise UserError: where one was credited or replaced
        """
        self._move_to("cancelled")

    def action_merge(self):
        """Merge duplicates into the oldest of them: messages and files go along.

        :return: action that opens the complaint that is left
        :raise UserError: where they are of several customers, or only one is chosen
        """
        self.check_access("write")
        if len(self) < 2:
            raise UserError(self.env._("Choose two or more complaints to merge."))
        # Senders who aren't known as customers yet are told apart by their address.
        customers = {
            complaint.commercial_partner_id or email_normalize(complaint.email_from)
            for complaint in self
        }
        if len(customers) > 1 or len(self.company_id) > 1:
            raise UserError(
                self.env._("Only complaints of one customer can be merged.")
            )
        kept = self.sorted("id")[0]
        duplicates = self - kept
        for duplicate in duplicates:
            kept._take_over(duplicate)
            duplicate._message_log(
                body=self.env._("Merged into complaint %s.", kept.name)
            )
        # sudo: the server notes where a duplicate went; access was checked above.
        duplicates.sudo().duplicate_of_id = kept
        duplicates._move_to("cancelled")
        kept._message_log(
            body=self.env._("Merged with %s.", ", ".join(duplicates.mapped("name")))
        )
        return kept._get_records_action()

    def _take_over(self, other):
        """Move messages and attachments of a duplicate here; a hook for the rest."""
        self.ensure_one()
        other.message_change_thread(self)
        # sudo: files of a complaint that the user may edit.
        self.env["ir.attachment"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "=", other.id)]
        ).write({"res_id": self.id})
