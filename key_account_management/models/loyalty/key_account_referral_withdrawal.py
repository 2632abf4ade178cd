# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class KeyAccountReferralWithdrawal(models.AbstractModel):
    """Takes a reward back when the invoice that it was for no longer counts."""

    _name = "key.account.referral.withdrawal"
    _description = "Withdrawal of a Referral Reward"
    _inherit = ["key.account.referral.reward"]

    @api.model
    def _withdraw_for_invoices(self, invoices):
        """Take back what was given for invoices that were reset or wholly credited.

        The referral is open again: the next invoice that is paid earns the reward.

        :param invoices: ``account.move`` records (sudo)
        """
        if not invoices:
            return
        # sudo: the accountant who credits the invoice needs no access to the referral.
        referrals = self.sudo().search(
            [("state", "=", "rewarded"), ("first_invoice_id", "in", invoices.ids)]
        )
        for referral in referrals:
            invoice = referral.first_invoice_id
            if invoice.state != "posted" or invoice._is_wholly_credited():
                referral._withdraw()

    def _withdraw(self):
        """Take the reward back and say so."""
        self.ensure_one()
        invoice, move = self.first_invoice_id, self.reward_move_id
        if self.reward_type == "points":
            self._withdraw_points(invoice)
        elif move.state == "draft":
            move.button_cancel()
        elif move.state == "posted":
            back = move._reverse_moves([{"ref": self.display_name}])
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=self.manager_id.id,
                summary=self.env._("Post the invoice that takes a reward back"),
                note=self.env._("Draft %s", back.display_name),
            )
        self.write(
            {
                "state": "open",
                "first_invoice_id": False,
                "reward_entry_id": False,
                "reward_move_id": False,
                "withdrawals": self.withdrawals + 1,
            }
        )
        self.message_post(
            body=self.env._(
                "The reward was taken back: %s is credited or no longer posted.",
                invoice.display_name,
            )
        )

    def _withdraw_points(self, invoice):
        """Claw back the points of the reward."""
        entry = self.reward_entry_id
        if not entry:
            return
        entry.card_id._book(
            -entry.key_account_points,
            "claw_back",
            first_ids=entry.ids,
            key_account_origin_id=entry.id,
            key_account_cause=f"referral {self.id} back {self.withdrawals + 1}",
            key_account_id=self.account_id.id,
            key_account_move_id=invoice.id,
            description=self.env._("Referral of %s taken back", self.partner_id.name),
        )
