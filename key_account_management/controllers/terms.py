# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import http
from odoo.http import request

from ..models.tools.xlsx_export import Sheet, workbook
from .tools import XlsxDownload


class PricelistXlsx(XlsxDownload):
    """Price lists for the customer."""

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
            request.env._("Product"),
            request.env._("List Price"),
            request.env._("From Quantity"),
            request.env._("Price"),
            request.env._("Discount (%)"),
            request.env._("Valid from"),
            request.env._("Valid until"),
        ]
        company = pricelist.company_id or request.env.company
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
                        item.date_start
                        and company._to_key_account_day(item.date_start),
                        item.date_end and company._to_key_account_day(item.date_end),
                    ]
                )
        return self._answer(buffer.getvalue(), f"{pricelist.name}.xlsx")
