# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


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
        return super().create(vals_list)

    def write(self, vals):
        if "account_id" in vals:
            self._check_account_access([vals["account_id"]])
        return super().write(vals)

    @api.model
    def _check_account_access(self, account_ids):
        """Only users who can edit an account decide who is in its team.

        The record rules can't: they are asked when the user is in the team already,
        and would let everybody put themselves into any team.
        """
        accounts = self.env["key.account"].browse(filter(None, account_ids))
        accounts.check_access("write")
