# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, http
from odoo.http import content_disposition, request

from ..models.xlsx_export import waterfall_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class XlsxDownload(http.Controller):
    """Workbooks of what the user may read."""

    def _answer(self, content, name):
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    def _waterfall_labels(self):
        _ = request.env._
        return [_("Step"), _("Amount"), _("Base"), _("Total"), _("Deduction")]

    @http.route(
        "/key_account/waterfall/<int:account_id>.xlsx",
        type="http",
        auth="user",
        readonly=True,
    )
    def account_waterfall(self, account_id, date_from, date_to, with_group="0"):
        """Price waterfall of an account; its own access rules decide."""
        account = request.env["key.account"].browse(account_id).exists()
        if not account:
            return request.not_found()
        account.check_access("read")
        accounts = account
        if with_group == "1":
            accounts = account.search([("id", "child_of", account.id)])
        try:
            first, last = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        except ValueError:
            return request.not_found()
        waterfall = accounts._get_waterfall(first, last)
        content = waterfall_workbook(
            request.env._("Price Waterfall"), waterfall, self._waterfall_labels()
        )
        return self._answer(content, f"{account.display_name}.xlsx")

    @http.route(
        "/key_account/order_waterfall/<int:order_id>.xlsx",
        type="http",
        auth="user",
        readonly=True,
    )
    def order_waterfall(self, order_id):
        """Price waterfall of an order; its own access rules decide."""
        order = request.env["sale.order"].browse(order_id).exists()
        if not order or not order.has_access("read") or not order.key_account_waterfall:
            return request.not_found()
        content = waterfall_workbook(
            request.env._("Price Waterfall"),
            order.key_account_waterfall,
            self._waterfall_labels(),
        )
        return self._answer(content, f"{order.name}.xlsx")
