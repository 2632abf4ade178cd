# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta
from random import Random

from odoo import api, models


class KeyAccountDemo(models.AbstractModel):
    _inherit = "key.account.demo"

    @api.model
    def _load_deliveries(self):
        """Ship the demo company's year from a warehouse of its own, once."""
        company = self.env.ref(
            "key_account_management.demo_company", raise_if_not_found=False
        )
        if not company:
            return
        demo = self.with_context(tracking_disable=True, skip_sms=True)
        demo._open_warehouse(company)
        demo._ship_year(company)
        accounts = self.env["key.account"].search([("company_id", "=", company.id)])
        # What was sold as services makes its promises as goods now.
        self.env["key.account.kpi"]._rebuild(accounts)
        accounts.action_refresh_figures()

    @api.model
    def _open_warehouse(self, company):
        """Give the company a warehouse, and plan the deliveries of its orders.

        Odoo creates a warehouse for the first company only. Up to now the company sold
        services, which can be ordered without one.
        """
        warehouse = self.env["stock.warehouse"].create(
            {
                "name": company.name,
                "code": "HANSA",
                "company_id": company.id,
                "partner_id": company.partner_id.id,
            }
        )
        of_company = [("company_id", "=", company.id)]
        orders = self.env["sale.order"].search(of_company, order="id")
        orders.warehouse_id = warehouse
        products = self.env["product.product"].search(
            [*of_company, ("default_code", "!=", False)]
        )
        products.write({"type": "consu", "invoice_policy": "order"})
        lines = orders.order_line
        self.env.add_to_compute(lines._fields["qty_delivered_method"], lines)
        lines.modified(["qty_delivered_method"])
        lines._action_launch_stock_rule()

    @api.model
    def _ship_year(self, company):
        """Ship what the company has promised up to yesterday, mostly in time."""
        rng, today = Random(2026), company._get_key_account_today()
        pickings = self.env["stock.picking"].search(
            [
                ("company_id", "=", company.id),
                ("sale_id", "!=", False),
                ("state", "not in", ["done", "cancel"]),
            ],
            order="id",
        )
        for picking in pickings:
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
