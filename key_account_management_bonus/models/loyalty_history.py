# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class LoyaltyHistory(models.Model):
    _inherit = "loyalty.history"

    key_account_kind = fields.Selection(
        selection_add=[("bonus", "Bonus")], ondelete={"bonus": lambda r: _as_gift(r)}
    )


def _as_gift(entries):
    """Keep what was given when the addon is uninstalled."""
    # sudo: the server's field; the ledger refuses every other way.
    entries.sudo()._write_ledger({"key_account_kind": "gift"})
