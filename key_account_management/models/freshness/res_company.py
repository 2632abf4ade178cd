# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_data_minimum = fields.Integer(
        string="Customer Data, Minimum (%)",
        default=80,
        help="Key accounts whose customer data is less complete are a matter of the "
        "day. 0 to leave it out.",
    )
    key_account_verify_days = fields.Integer(
        string="Verify Customer Data Every",
        default=180,
        help="Days after which customer data has to be verified again. 0 to leave it "
        "out.",
    )
