# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.http import request

from odoo.addons.key_account_management.controllers.tools import (
    XlsxDownload,
    xlsx_response,
    xlsx_route,
)
from odoo.addons.key_account_management.models.tools.records import check_export

from ..models.plan.plan_xlsx import plan_workbook


class PlanXlsx(XlsxDownload):
    """The workbook of an account plan, with live formulas."""

    @xlsx_route("/key_account/plan/<int:plan_id>.xlsx")
    def account_plan(self, plan_id, **kwargs):
        """Answer with the workbook; the access rules of the plan decide."""
        plan = self._find("key.account.plan", plan_id)
        check_export(request.env)
        return xlsx_response(plan_workbook(plan), f"{plan.display_name}.xlsx")
