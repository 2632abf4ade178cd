# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.http import request

from ..models.audit.waterfall_xlsx import waterfall_workbook
from ..models.tools.xlsx_records import records_workbook
from .tools import XlsxDownload, required_days, xlsx_response, xlsx_route


class AuditXlsx(XlsxDownload):
    """Price waterfalls and the findings of price audits."""

    def _answer_waterfall(self, waterfall, name):
        title = request.env._("Price Waterfall")
        labels = [
            request.env._("Step"),
            request.env._("Amount"),
            request.env._("Base"),
            request.env._("Total"),
            request.env._("Deduction"),
        ]
        content = waterfall_workbook(title, waterfall, labels)
        return xlsx_response(content, f"{name}.xlsx")

    @xlsx_route("/key_account/waterfall/<int:account_id>.xlsx")
    def account_waterfall(
        self, account_id, date_from=None, date_to=None, with_group="0", **kwargs
    ):
        """Price waterfall of an account; its own access rules decide."""
        account = request.env["key.account"].browse(account_id).exists()
        if not account:
            raise request.not_found()
        account.check_access("read")
        accounts = account
        if with_group == "1":
            accounts = account.search([("id", "child_of", account.id)])
        first, last = required_days(date_from, date_to)
        waterfall = accounts._get_waterfall(first, last)
        return self._answer_waterfall(waterfall, account.display_name)

    @xlsx_route("/key_account/order_waterfall/<int:order_id>.xlsx")
    def order_waterfall(self, order_id):
        """Price waterfall of an order; its own access rules decide."""
        order = self._find("sale.order", order_id)
        if not order.key_account_waterfall:
            raise request.not_found()
        return self._answer_waterfall(order.key_account_waterfall, order.name)

    @xlsx_route("/key_account/price_audit/<int:audit_id>.xlsx")
    def price_audit(self, audit_id):
        """Findings of a price audit; its own access rules decide."""
        audit = self._find("key.account.price.audit", audit_id)
        names = (
            "account_id",
            "move_id",
            "invoice_date",
            "product_id",
            "quantity",
            "charged_price",
            "rightful_price",
            "difference",
            "terms",
            "rule",
            "refund_move_id",
        )
        # sudo: names of documents on findings that the user may read.
        lines = audit.line_ids.sudo()
        content = records_workbook(request.env._("Findings"), lines, names)
        return xlsx_response(content, f"{audit.name}.xlsx")
