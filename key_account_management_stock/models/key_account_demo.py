# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta
from random import Random

from odoo import api, fields, models


class KeyAccountDemo(models.AbstractModel):
    _inherit = "key.account.demo"

    @api.model
    def _ship_year(self):
        """Ship what the demo company has promised up to yesterday, mostly in time."""
        company = self.env.ref(
            "key_account_management.demo_company", raise_if_not_found=False
        )
        if not company:
            return
        rng, today = Random(2026), fields.Date.context_today(self)
        pickings = self.env["stock.picking"].search(
            [
                ("company_id", "=", company.id),
                ("sale_id", "!=", False),
                ("state", "not in", ["done", "cancel"]),
            ],
            order="id",
        )
        for picking in pickings.with_context(tracking_disable=True, skip_sms=True):
            # A few are days late, and one in forty of those due still waits.
            late = rng.choices((0, 1, 4), (90, 6, 4))[0]
            waits = rng.random() < 1 / 40
            shipped = picking.scheduled_date.replace(hour=10) + timedelta(days=late)
            if waits or shipped.date() >= today:
                continue
            for move in picking.move_ids:
                move.write({"quantity": move.product_uom_qty, "picked": True})
            picking._action_done()
            # Odoo stamps the moment of the click; this is a year's past.
            picking.date_done = shipped
            picking.move_ids.date = shipped
            picking.move_ids.move_line_ids.date = shipped
        self.env["key.account"].search(
            [("company_id", "=", company.id)]
        ).action_refresh_figures()
