# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class KeyAccountKpi(models.Model):
    """What a key account's documents amount to, month by month."""

    _inherit = "key.account.kpi"

    tier_id = fields.Many2one(related="account_id.tier_id")
