# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountHandover(models.TransientModel):
    """Hand accounts over, for good to a colleague or for an absence to the deputy."""

    _name = "key.account.handover"
    _description = "Hand Over Key Accounts"

    account_ids = fields.Many2many(
        "key.account",
        string="Key Accounts",
        required=True,
        default=lambda self: self._default_account_ids(),
    )
    mode = fields.Selection(
        [
            ("absence", "For an absence, to the deputy"),
            ("return", "Back to the account manager"),
            ("permanent", "For good, to a new account manager"),
        ],
        required=True,
        default="absence",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Hand Over To",
        domain="[('share', '=', False)]",
        help="In an absence: leave empty to use the deputy of each account.",
    )
    date_start = fields.Date(
        string="First Day", default=lambda self: fields.Date.context_today(self)
    )
    date_end = fields.Date(string="Last Day")
    note = fields.Text(help="What the colleague should know.")
    move_activities = fields.Boolean(
        string="Hand over open activities",
        default=True,
        help="Activities of the account manager on these key accounts go along.",
    )

    @api.model
    def _default_account_ids(self):
        if self.env.context.get("active_model") != "key.account":
            return self.env["key.account"]
        return self.env["key.account"].browse(self.env.context.get("active_ids") or [])

    def action_hand_over(self):
        """Hand the accounts over and tell the colleague, by activity and in chatter.

        :raise UserError: where nobody was named who could take over
        """
        self.ensure_one()
        if self.mode == "return":
            self._end_absence()
        elif self.mode == "absence":
            self._begin_absence()
        else:
            self._change_manager()
        return {"type": "ir.actions.act_window_close"}

    def _begin_absence(self):
        if not self.date_start:
            raise UserError(self.env._("Enter the first day of the absence."))
        for account in self.account_ids:
            deputy = self.user_id or account.deputy_id
            if not deputy:
                raise UserError(
                    self.env._(
                        "%s has no deputy. Choose who takes over.",
                        account.display_name,
                    )
                )
            account.write(
                {
                    "deputy_id": deputy.id,
                    "absence_start": self.date_start,
                    "absence_end": self.date_end,
                }
            )
        for deputy, accounts in self.account_ids.grouped("deputy_id").items():
            self._tell(
                accounts,
                deputy,
                self.env._(
                    "Standing in for %s", ", ".join(accounts.manager_id.mapped("name"))
                ),
            )

    def _end_absence(self):
        self.account_ids.write({"absence_start": False, "absence_end": False})
        for account in self.account_ids:
            account._message_log(
                body=self.env._("%s is back in charge.", account.manager_id.name)
            )

    def _change_manager(self):
        if not self.user_id:
            raise UserError(self.env._("Choose the new account manager."))
        for account in self.account_ids:
            old_manager = account.manager_id
            if self.move_activities:
                # sudo: the activities change hands although they may be another's.
                account.sudo().activity_ids.filtered(
                    lambda activity, manager=old_manager: activity.user_id == manager
                ).write({"user_id": self.user_id.id})
            # The chatter and the notice first: afterwards the account may be out of
            # the reach of the one who hands it over.
            self._tell(
                account,
                self.user_id,
                self.env._("Key account taken over from %s", old_manager.name),
            )
            # An absence was the old manager's: the new one is here.
            values = {
                "manager_id": self.user_id.id,
                "absence_start": False,
                "absence_end": False,
            }
            if account.deputy_id == self.user_id:
                values["deputy_id"] = False
            account.write(values)

    def _tell(self, accounts, user, summary):
        """Schedule a to-do for the colleague on each account, and log it."""
        for account in accounts:
            account.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.mode == "absence"
                and self.date_start
                or fields.Date.context_today(self),
                summary=summary,
                note=self.note,
                user_id=user.id,
            )
            account._message_log(
                body=self.env._(
                    "Handed over to %(user)s. %(note)s",
                    user=user.name,
                    note=self.note or "",
                )
            )
