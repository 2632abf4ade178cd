# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, http, models
from odoo.http import request

from ..models.audit.waterfall_xlsx import waterfall_workbook
from ..models.tools.xlsx_export import Sheet, workbook
from .tools import XlsxDownload


class AuditXlsx(XlsxDownload):
    """Price waterfalls and the findings of price audits."""

    def _waterfall_labels(self):
        return [
            request.env._("Step"),
            request.env._("Amount"),
            request.env._("Base"),
            request.env._("Total"),
            request.env._("Deduction"),
        ]

    @http.route(
        "/key_account/waterfall/<int:account_id>.xlsx",
        type="http",
        auth="user",
        readonly=True,
    )
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
        try:
            first, last = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        except ValueError as error:
            raise request.not_found() from error
        if not first or not last:
            raise request.not_found()
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
            raise request.not_found()
        content = waterfall_workbook(
            request.env._("Price Waterfall"),
            order.key_account_waterfall,
            self._waterfall_labels(),
        )
        return self._answer(content, f"{order.name}.xlsx")

    @http.route(
        "/key_account/price_audit/<int:audit_id>.xlsx",
        type="http",
        auth="user",
        readonly=True,
    )
    def price_audit(self, audit_id):
        """Findings of a price audit; its own access rules decide."""
        audit = request.env["key.account.price.audit"].browse(audit_id).exists()
        if not audit or not audit.has_access("read"):
            raise request.not_found()
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
        labels = lines.fields_get(names, ["string"])
        with workbook() as (book, buffer):
            sheet = Sheet(
                book, request.env._("Findings"), [labels[n]["string"] for n in names]
            )
            for line in lines:
                sheet.append(
                    [
                        line[name].display_name
                        if isinstance(line[name], models.BaseModel)
                        else line[name]
                        for name in names
                    ]
                )
        return self._answer(buffer.getvalue(), f"{audit.name}.xlsx")
