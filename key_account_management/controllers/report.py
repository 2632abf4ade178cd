# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from .tools import XlsxDownload, xlsx_response, xlsx_route


class MonthlyReportXlsx(XlsxDownload):
    """Monthly reports as workbooks."""

    @xlsx_route("/key_account/monthly_report/<int:report_id>.xlsx")
    def monthly_report(self, report_id):
        """Download a monthly report; its own access rules decide."""
        report = self._find("key.account.monthly.report", report_id)
        return xlsx_response(report._get_workbook(), f"{report.name}.xlsx")
