# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class KeyAccountHealthComponent(models.Model):
    _inherit = "key.account.health.component"

    kind = fields.Selection(
        selection_add=[
            ("complaints", "Complaints of 12 Months, by Severity"),
            ("satisfaction", "Satisfaction with the Handling (1 to 5)"),
        ],
        ondelete={"complaints": "cascade", "satisfaction": "cascade"},
    )
