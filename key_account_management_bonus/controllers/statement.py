# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.http import request

from odoo.addons.key_account_management.controllers.tools import (
    XlsxDownload,
    required_days,
    xlsx_response,
    xlsx_route,
)

from ..models.rebate_xlsx import statement_workbook


def statement_labels(env):
    """Return the texts of a statement's workbook."""
    return {
        "sheet": env._("Statement"),
        "columns": [
            env._("Date"),
            env._("Document"),
            env._("Customer"),
            env._("Product"),
            env._("Quantity"),
            env._("Net Amount"),
            env._("Step"),
            env._("Rate"),
            env._("Bonus"),
        ],
        "sums": {
            "revenue": env._("Net revenue that counts"),
            "earned": env._("Earned"),
            "settled": env._("Settled"),
            "open": env._("Open"),
            "as_of": env._("As of"),
        },
    }


class RebateXlsx(XlsxDownload):
    """The statement of a bonus as a workbook with live formulas."""

    @xlsx_route("/key_account/bonus/<int:rebate_id>.xlsx")
    def rebate_statement(self, rebate_id, period_day=None, day=None, **kwargs):
        """Answer with a period's statement; the access rules of the bonus decide."""
        rebate = self._find("key.account.rebate", rebate_id)
        period_day, day = required_days(period_day, day)
        # sudo: the same basis for every user who reads the bonus.
        rebate = rebate.sudo()
        statement = rebate._get_statement(rebate._find_period(period_day), day)
        content = statement_workbook(
            statement, statement_labels(request.env), rebate.currency_id.decimal_places
        )
        return xlsx_response(content, f"{rebate.display_name}.xlsx")
