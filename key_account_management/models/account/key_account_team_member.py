# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class KeyAccountTeamMember(models.Model):
    _name = "key.account.team.member"
    _description = "Key Account Team Member"
    _inherit = ["key.account.server.written"]
    _order = "sequence, id"
    _rec_name = "user_id"
    _check_company_auto = True

    account_id = fields.Many2one(
        "key.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    user_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        check_company=True,
    )
    role = fields.Selection(
        [
            ("sales", "Sales"),
            ("inside_sales", "Inside Sales"),
            ("service", "Service and Complaints"),
            ("logistics", "Logistics"),
            ("accounting", "Accounting"),
            ("technical", "Technical Advice"),
            ("executive", "Executive Sponsor"),
        ],
        required=True,
        default="inside_sales",
    )
    is_accepted = fields.Boolean(
        string="Accepted",
        readonly=True,
        help="The account manager agreed. Until then the colleague has no access.",
    )
    note = fields.Char(help="What this colleague does for the customer.")

    _account_user_role_uniq = models.Constraint(
        "unique (account_id, user_id, role)",
        "This colleague already has that role for the key account.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        default = self.default_get(["account_id"]).get("account_id")
        self._check_account_access(
            [vals.get("account_id", default) for vals in vals_list]
        )
        members = super().create(vals_list)
        for member in members:
            member._join()
        return members

    def write(self, vals):
        self._check_account_access(self.account_id.ids)
        if "account_id" in vals:
            self._check_account_access([vals["account_id"]])
        if not self.env.su and any(
            name in vals and vals[name] != member[name].id
            for name in ("account_id", "user_id")
            for member in self
        ):
            raise UserError(
                self.env._("Remove the colleague from the team and add the other one.")
            )
        return super().write(vals)

    def unlink(self):
        self._check_account_access(self.account_id.ids)
        for account, members in self.grouped("account_id").items():
            # sudo: a note that stays, on what the user was allowed to do.
            account.sudo()._message_log(
                body=self.env._(
                    "%(users)s left the account team, removed by %(user)s.",
                    users=", ".join(members.user_id.mapped("name")),
                    user=self.env.user.name,
                )
            )
        return super().unlink()

    @api.model
    def _check_account_access(self, account_ids):
        """Only users in charge of an account decide who is in its team.

        The record rules can't: they are asked when the user is in the team already,
        and would let everybody put themselves into any team.
        """
        if self.env.su:
            return
        accounts = self.env["key.account"].browse(filter(None, account_ids))
        accounts.check_access("write")
        accounts._check_in_charge()

    def _join(self):
        """Put the new member on record, and ask the account manager where needed.

        The account manager decides who reads the confidential notes. Others who add a
        colleague, or themselves, need that second person.
        """
        account = self.account_id
        user = self.env.user
        if user._is_superuser() or user in (
            account.manager_id,
            account.acting_manager_id,
        ):
            return self._accept()
        # sudo: a note that stays, and a request; the role has been checked.
        account.sudo()._message_log(
            body=self.env._(
                "%(user)s wants to add %(member)s to the account team.",
                user=user.name,
                member=self.user_id.name,
            )
        )
        account.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("New member of the account team: accept or remove"),
            note=self.user_id.name,
            user_id=account.acting_manager_id.id,
        )
        return None

    def _accept(self):
        # sudo: the server's field; callers have checked who accepts.
        self.sudo().is_accepted = True
        self.account_id.sudo()._message_log(
            body=self.env._(
                "%(member)s is in the account team, accepted by %(user)s.",
                member=self.user_id.name,
                user=self.env.user.name,
            )
        )

    def action_accept(self):
        """Let a colleague whom somebody else has added into the team.

        :raise AccessError: for users who aren't the account manager
        """
        self.check_access("write")
        for member in self:
            account = member.account_id
            if self.env.user not in (account.manager_id, account.acting_manager_id):
                raise AccessError(
                    self.env._(
                        "Only %s decides who reads the confidential notes.",
                        account.acting_manager_id.name,
                    )
                )
            member._accept()
