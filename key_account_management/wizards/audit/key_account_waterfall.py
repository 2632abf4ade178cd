# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

from ...models.tools.records import check_export, download


class KeyAccountWaterfall(models.TransientModel):
    """From list price to pocket margin, for an account or its group and a period."""

    _name = "key.account.waterfall"
    _description = "Price Waterfall"

    account_id = fields.Many2one(
        "key.account", string="Key Account", required=True, ondelete="cascade"
    )
    with_group = fields.Boolean(string="With All Subsidiaries")
    has_group = fields.Boolean(compute="_compute_has_group")
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="Until", required=True)
    waterfall = fields.Json(compute="_compute_waterfall")

    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "A period can't end before it begins."
    )

    @api.depends("account_id")
    def _compute_has_group(self):
        for wizard in self:
            wizard.has_group = bool(wizard.account_id.child_ids)

    @api.depends("account_id", "with_group", "date_from", "date_to")
    def _compute_waterfall(self):
        for wizard in self:
            account = wizard.account_id
            if not account or not wizard.date_from or not wizard.date_to:
                wizard.waterfall = False
                continue
            accounts = account
            if wizard.with_group:
                accounts = account.search([("id", "child_of", account.id)])
            wizard.waterfall = accounts._get_waterfall(wizard.date_from, wizard.date_to)

    def action_export(self):
        """Download the waterfall as a workbook with its chart."""
        check_export(self.env)
        self.ensure_one()
        return download(
            f"/key_account/waterfall/{self.account_id.id}.xlsx"
            f"?date_from={self.date_from}&date_to={self.date_to}"
            f"&with_group={int(self.with_group)}"
        )
