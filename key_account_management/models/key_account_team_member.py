# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class KeyAccountTeamMember(models.Model):
    _name = "key.account.team.member"
    _description = "Key Account Team Member"
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
