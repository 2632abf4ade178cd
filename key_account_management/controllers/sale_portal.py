# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, route

from odoo.addons.sale.controllers.portal import CustomerPortal


class KeyAccountSalePortal(CustomerPortal):
    @route(
        "/my/orders/<int:order_id>/redeem/<int:reward_id>",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_redeem_points(self, order_id, reward_id, access_token=None, **kw):
        """Take a reward for points on a quotation that is still open."""
        try:
            order = self._document_check_access(
                "sale.order", order_id, access_token=access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        message = "points_redeemed"
        try:
            order._redeem_points(reward_id)
        except UserError:
            message = "points_gone"
        return request.redirect(
            order.get_portal_url(query_string=f"&message={message}")
        )
