# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...models.tools.groups import ALL_ACCOUNTS


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
        help="For an absence, leave this empty to use the deputy of each account.",
    )
    date_start = fields.Date(
        string="First Day",
        default=lambda self: self.env.company._get_key_account_today(),
    )
    date_end = fields.Date(string="Last Day")
    note = fields.Text(help="What the colleague should know.")
    move_activities = fields.Boolean(
        string="Hand over open activities",
        default=True,
        help="The account manager's open activities on these key accounts.",
    )

    @api.model
    def _default_account_ids(self):
        if self.env.context.get("active_model") != "key.account":
            return self.env["key.account"]
        return self.env["key.account"].browse(self.env.context.get("active_ids") or [])

    def action_hand_over(self):
        """Hand the accounts over and tell the colleague, by activity and in chatter.

        :raise UserError: where no one is named to take over
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
        self._check_absence()
        for account in self.account_ids:
            deputy = self.user_id or account.deputy_id
            if not deputy:
                raise UserError(
                    self.env._(
                        "%s has no deputy. Choose who takes over.",
                        account.display_name,
                    )
                )
            account.deputy_id = deputy
        self._write_absence(self.date_start, self.date_end)
        for account in self._get_accounts_of_managers().filtered("deputy_id"):
            self._tell(
                account,
                account.deputy_id,
                self.env._("Standing in for %s", account.manager_id.name),
            )

    def _end_absence(self):
        self._check_absence()
        self._write_absence(False, False)
        for account in self._get_accounts_of_managers():
            account._message_log(
                body=self.env._("%s is back in charge.", account.manager_id.name)
            )

    def _get_accounts_of_managers(self):
        """Return the accounts that an absence of these managers concerns (sudo).

        An absence is that of a person: it holds for all accounts of the manager.
        """
        # sudo: deputies of accounts that the user may not open are told as well.
        return self.account_ids.sudo().search(
            [
                ("manager_id", "in", self.account_ids.manager_id.ids),
                ("state", "!=", "ended"),
            ]
        )

    def _write_absence(self, start, end):
        # sudo: two dates of users, after _check_absence has found the user entitled.
        self.account_ids.manager_id.sudo().write(
            {"key_account_absence_start": start, "key_account_absence_end": end}
        )

    def _check_absence(self):
        """Make sure that the user can enter absences of the managers of these accounts.

        An absence holds for all accounts of a manager, so a team member of one of them,
        who can write that one, can't enter it. Deputies can give accounts back.

        :raise AccessError: names the manager
        """
        self.account_ids.check_access("write")
        user = self.env.user
        for manager, accounts in self.account_ids.grouped("manager_id").items():
            is_back = self.mode == "return" and accounts.deputy_id == user
            if not (user == manager or is_back or user.has_group(ALL_ACCOUNTS)):
                raise AccessError(
                    self.env._(
                        "Only %s or a user with access to all accounts can enter this "
                        "absence.",
                        manager.name,
                    )
                )

    def _change_manager(self):
        if not self.user_id:
            raise UserError(self.env._("Choose the new account manager."))
        for account in self.account_ids:
            old_manager = account.manager_id
            if self.move_activities:
                # sudo: the activities belong to the old manager, often another user.
                account.sudo().activity_ids.filtered(
                    lambda activity, manager=old_manager: activity.user_id == manager
                ).write({"user_id": self.user_id.id})
            # Chatter and to-do first: afterwards the user may have no access any more.
            self._tell(
                account,
                self.user_id,
                self.env._("Key account taken over from %s", old_manager.name),
            )
            values = {"manager_id": self.user_id.id}
            if account.deputy_id == self.user_id:
                values["deputy_id"] = False
            account.write(values)

    def _tell(self, account, user, summary):
        """Schedule a to-do for the colleague on the account, and log it."""
        account.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=(self.mode == "absence" and self.date_start)
            or account.company_id._get_key_account_today(),
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
