# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import binascii

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from .tools import clean_text

PAGE = 20


class AgreementPortal(CustomerPortal):
    """Framework agreements for the customer: list, page, signature, PDF."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "agreement_count" in counters:
            Agreement = request.env["key.account.agreement"]
            values["agreement_count"] = (
                Agreement.search_count([]) if Agreement.has_access("read") else 0
            )
        return values

    @http.route(
        ["/my/agreements", "/my/agreements/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_agreements(self, page=1, **kwargs):
        """List the agreements that the customer's contact is allowed to see."""
        Agreement = request.env["key.account.agreement"]
        pager = portal_pager(
            url="/my/agreements",
            total=Agreement.search_count([]),
            page=page,
            step=PAGE,
        )
        values = {
            **self._prepare_portal_layout_values(),
            "agreements": Agreement.search([], limit=PAGE, offset=pager["offset"]),
            "pager": pager,
            "page_name": "agreement",
            "default_url": "/my/agreements",
        }
        return request.render("key_account_management.portal_my_agreements", values)

    def _get_agreement(self, agreement_id, access_token):
        """Return an agreement that the visitor is allowed to see, as superuser.

        :raise AccessError, MissingError: where the visitor isn't allowed to
        """
        agreement = self._document_check_access(
            "key.account.agreement", agreement_id, access_token=access_token
        )
        # A link that was sent too early doesn't open a draft.
        if agreement.state in ("draft", "to_approve"):
            raise AccessError(request.env._("The agreement is not in force."))
        return agreement

    @http.route(
        ["/my/agreements/<int:agreement_id>"], type="http", auth="public", website=True
    )
    def portal_agreement_page(
        self,
        agreement_id,
        access_token=None,
        report_type=None,
        download=False,
        **kwargs,
    ):
        """Show an agreement, or its PDF."""
        try:
            agreement = self._get_agreement(agreement_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if report_type in ("html", "pdf", "text"):
            return self._show_report(
                model=agreement,
                report_type=report_type,
                report_ref="key_account_management.key_account_agreement_report_action",
                download=download,
            )
        values = self._get_page_view_values(
            agreement,
            access_token,
            {"agreement": agreement, "page_name": "agreement", **kwargs},
            "my_agreements_history",
            False,
        )
        return request.render("key_account_management.portal_agreement_page", values)

    @http.route(
        ["/my/agreements/<int:agreement_id>/accept"],
        type="jsonrpc",
        auth="public",
        website=True,
    )
    def portal_agreement_accept(
        self, agreement_id, access_token=None, name=None, signature=None
    ):
        """Record the customer's signature."""
        access_token = access_token or request.httprequest.args.get("access_token")
        try:
            agreement = self._get_agreement(agreement_id, access_token)
        except (AccessError, MissingError):
            return {"error": request.env._("Invalid agreement.")}
        if agreement.signed_on or agreement.state != "active":
            return {"error": request.env._("This agreement can't be signed.")}
        name = clean_text(name, 128)
        if not signature or not name:
            return {"error": request.env._("The name or the signature is missing.")}
        try:
            agreement._accept(name, signature)
            request.env.cr.flush()
        except (TypeError, binascii.Error):
            return {"error": request.env._("Invalid signature data.")}
        return {
            "force_refresh": True,
            "redirect_url": agreement.get_portal_url(query_string="&message=sign_ok"),
        }
