# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_contact_on_documents = fields.Boolean(
        string="Account Manager on Documents",
        default=True,
        help="Quotations, orders, invoices and delivery slips of key accounts name the "
        "account manager, or the deputy during an absence, with telephone and mail.",
    )
