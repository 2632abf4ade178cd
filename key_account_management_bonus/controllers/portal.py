# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, http
from odoo.http import request

from odoo.addons.key_account_management.controllers.tools import (
    clean_text,
    xlsx_response,
)
from odoo.addons.key_account_management.models.agreement.key_account_agreement_lifecycle import (  # noqa: E501
    IN_FORCE,
)
from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.rebate_xlsx import statement_workbook
from .statement import statement_labels

MAX_TEXT = 2000
#: Of a longer statement the page shows so many lines, the workbook all.
PAGE_ROWS = 500


class RebatePortal(CustomerPortal):
    """The customer's bonuses: what was reached, each line of it, and objections."""

    def _get_rebates(self):
        """Return the bonuses of the user's own company, as superuser."""
        Rebate = request.env["key.account.rebate"].sudo()
        if "bonuses" not in request.env.user.partner_id._get_key_account_topics():
            return Rebate
        accounts = request.env["key.account"]._get_portal_accounts()
        # sudo: customers have no right on the model; these are their own company's.
        return Rebate.search(
            [("account_id", "in", accounts.ids), ("state", "in", IN_FORCE)],
            order="date_start desc, id desc",
        )

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "rebate_count" in counters:
            values["rebate_count"] = len(self._get_rebates())
        return values

    def _get_statement(self, rebate_id, start=None):
        """Return a bonus of the user's company with the statement of a period.

        :param start: text of a request, a day of the period
        :raise NotFound: where the company has no such bonus
        """
        rebate = self._get_rebates().filtered(lambda r: r.id == rebate_id)
        if not rebate:
            raise request.not_found()
        today = rebate.company_id._get_key_account_today()
        try:
            day = fields.Date.to_date(start) or today
        except ValueError:
            day = today
        rebate = rebate.with_context(lang=request.env.lang)
        return rebate._get_statement(rebate._find_period(min(day, today)), today)

    @http.route("/my/bonuses", type="http", auth="user", website=True)
    def portal_my_rebates(self, **kwargs):
        """List the bonuses of the customer."""
        values = {
            **self._prepare_portal_layout_values(),
            "rebates": self._get_rebates(),
            "page_name": "rebate",
        }
        return request.render("key_account_management_bonus.portal_my_rebates", values)

    @http.route("/my/bonuses/<int:rebate_id>", type="http", auth="user", website=True)
    def portal_rebate(self, rebate_id, start=None, message=None, **kwargs):
        """Show the statement of a period, and what was objected to."""
        statement = self._get_statement(rebate_id, start)
        rebate = statement["rebate"]
        today = rebate.company_id._get_key_account_today()
        disputes = request.env["key.account.rebate.dispute"].sudo()
        values = {
            **self._prepare_portal_layout_values(),
            "statement": statement,
            "rebate": rebate,
            "periods": rebate._get_periods(rebate.date_start, today)[::-1],
            "limit": PAGE_ROWS,
            # sudo: the company's own objections, with our answers.
            "disputes": disputes.search(
                [("rebate_id", "=", rebate.id), ("date_from", "=", statement["from"])]
            ),
            "sent": message == "sent",
            "whole": request.env._("The whole statement"),
            "page_name": "rebate",
        }
        return request.render("key_account_management_bonus.portal_rebate", values)

    @http.route(
        "/my/bonuses/<int:rebate_id>/statement.pdf",
        type="http",
        auth="user",
        website=True,
    )
    def portal_rebate_pdf(self, rebate_id, start=None, **kwargs):
        """Answer with the statement as PDF."""
        statement = self._get_statement(rebate_id, start)
        # sudo: of the customer's own bonus; the wizard holds only the choice.
        wizard = (
            request.env["key.account.rebate.statement.wizard"]
            .sudo()
            .create(
                {
                    "rebate_id": rebate_id,
                    "period_day": statement["from"],
                    "day": statement["day"],
                }
            )
        )
        content, _kind = (
            request.env["ir.actions.report"]
            .sudo()
            .with_context(lang=request.env.lang)
            ._render_qweb_pdf(
                "key_account_management_bonus.rebate_statement_report_action",
                wizard.ids,
            )
        )
        return request.make_response(
            content,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(content)),
                ("Content-Disposition", http.content_disposition("bonus.pdf")),
            ],
        )

    @http.route(
        "/my/bonuses/<int:rebate_id>/statement.xlsx",
        type="http",
        auth="user",
        website=True,
    )
    def portal_rebate_xlsx(self, rebate_id, start=None, **kwargs):
        """Answer with the statement as a workbook."""
        statement = self._get_statement(rebate_id, start)
        digits = statement["rebate"].currency_id.decimal_places
        content = statement_workbook(statement, statement_labels(request.env), digits)
        return xlsx_response(content, "bonus.xlsx")

    @http.route(
        "/my/bonuses/<int:rebate_id>/object",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_rebate_object(
        self, rebate_id, start=None, line_id=None, text=None, **kwargs
    ):
        """Write down what the customer objects to: a line, or the whole statement."""
        statement = self._get_statement(rebate_id, start)
        rebate, text = statement["rebate"], clean_text(text, MAX_TEXT)
        # Only a line of this very statement.
        known = {str(row["id"]): row["id"] for row in statement["rows"]}
        line = request.env["account.move.line"].sudo().browse(known.get(line_id, ()))
        url = f"/my/bonuses/{rebate.id}?start={statement['from']}"
        if not text:
            return request.redirect(url)
        request.env["key.account.rebate.dispute"]._object(
            rebate, (statement["from"], statement["to"]), line, text
        )
        return request.redirect(f"{url}&message=sent")
