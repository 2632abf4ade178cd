# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, http, models
from odoo.http import content_disposition, request

from ..models.xlsx_export import Sheet, waterfall_workbook, workbook

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

    @http.route(
        "/key_account/monthly_report/<int:report_id>.xlsx",
        type="http",
        auth="user",
        readonly=True,
    )
    def monthly_report(self, report_id):
        """A monthly report; its own access rules decide."""
        report = request.env["key.account.monthly.report"].browse(report_id).exists()
        if not report or not report.has_access("read"):
            raise request.not_found()
        return self._answer(report._get_workbook(), f"{report.name}.xlsx")

    @http.route("/key_account/export/<int:export_id>.xlsx", type="http", auth="user")
    def export(self, export_id):
        """An export of one's own; it reads with the rights of who asked for it."""
        export = request.env["key.account.export"].browse(export_id).exists()
        if not export or not export.has_access("read"):
            raise request.not_found()
        return self._answer(export._get_content(), export.filename)

    @http.route(
        "/key_account/pricelist/<int:pricelist_id>.xlsx",
        type="http",
        auth="user",
        readonly=True,
    )
    def pricelist(self, pricelist_id):
        """A price list for the customer; rules by formula are not in it."""
        pricelist = request.env["product.pricelist"].browse(pricelist_id).exists()
        # A web shop lets its visitors read lists; customers have /my/prices.xlsx.
        ours = not request.env.user.share
        if not ours or not pricelist or not pricelist.has_access("read"):
            raise request.not_found()
        labels = [
            request.env._("Rule"),
            request.env._("Code"),
            request.env._("Article"),
            request.env._("List Price"),
            request.env._("From Quantity"),
            request.env._("Price"),
            request.env._("Discount (%)"),
            request.env._("Valid from"),
            request.env._("Valid until"),
        ]
        items = pricelist.item_ids.filtered(
            lambda item: item.compute_price in ("fixed", "percentage")
        )
        with workbook() as (book, buffer):
            sheet = Sheet(
                book,
                request.env._("Prices"),
                labels,
                [8, 16, 40, 12, 14, 12, 12, 12, 12],
            )
            for item in items:
                product = item.product_id or item.product_tmpl_id
                is_fixed = item.compute_price == "fixed"
                sheet.append(
                    [
                        item.id,
                        product.default_code,
                        item.name,
                        product.list_price if product else None,
                        item.min_quantity or None,
                        item.fixed_price if is_fixed else None,
                        None if is_fixed else item.percent_price,
                        item.date_start and item.date_start.date(),
                        item.date_end and item.date_end.date(),
                    ]
                )
        return self._answer(buffer.getvalue(), f"{pricelist.name}.xlsx")
