# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.http import request

from ..models.terms.pricelist_xlsx import write_rules
from .tools import XlsxDownload, xlsx_response, xlsx_route


class PricelistXlsx(XlsxDownload):
    """Price lists for the customer."""

    @xlsx_route("/key_account/pricelist/<int:pricelist_id>.xlsx")
    def pricelist(self, pricelist_id):
        """Write a price list for the customer, without its rules by formula."""
        # A web shop lets its visitors read lists; customers have /my/prices.xlsx.
        if request.env.user.share:
            raise request.not_found()
        pricelist = self._find("product.pricelist", pricelist_id)
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
        content = write_rules(
            request.env._("Prices"),
            labels,
            pricelist.item_ids,
            pricelist.company_id or request.env.company,
        )
        return xlsx_response(content, f"{pricelist.name}.xlsx")
