# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import http
from odoo.http import request

from .tools import XlsxDownload


class MonthlyReportXlsx(XlsxDownload):
    """Monthly reports as workbooks."""

    @http.route(
        "/key_account/monthly_report/<int:report_id>.xlsx",
        type="http",
        auth="user",
        readonly=True,
    )
    def monthly_report(self, report_id):
        """Download a monthly report; its own access rules decide."""
        report = request.env["key.account.monthly.report"].browse(report_id).exists()
        if not report or not report.has_access("read"):
            raise request.not_found()
        return self._answer(report._get_workbook(), f"{report.name}.xlsx")
