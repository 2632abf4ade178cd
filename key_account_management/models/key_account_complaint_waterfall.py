# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.tools import SQL


class KeyAccount(models.Model):
    _inherit = "key.account"

    def _waterfall_amounts(self, date_from, date_to):
        """Take off what complaints cost beside their credit notes.

        Credit notes are a step of their own once they are posted. Replacements count
        until their invoice is posted: from then on they are in the cost of goods.
        """
        amounts = super()._waterfall_amounts(date_from, date_to)
        cost = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(COALESCE(complaint.extra_cost, 0)
                       + CASE WHEN EXISTS (
                           SELECT 1 FROM sale_order replacement
                            WHERE replacement.key_account_complaint_id = complaint.id
                              AND replacement.invoice_status = 'invoiced')
                       THEN 0 ELSE COALESCE(complaint.replacement_cost, 0) END), 0)
                  FROM key_account_complaint complaint
                  JOIN res_company company ON company.id = complaint.company_id
             LEFT JOIN resource_calendar calendar
                    ON calendar.id = company.resource_calendar_id
                 WHERE complaint.account_id = ANY(%(ids)s)
                   AND complaint.stage_kind != 'cancelled'
                   AND (complaint.create_date AT TIME ZONE 'UTC'
                        AT TIME ZONE COALESCE(calendar.tz, 'UTC'))::date
                       BETWEEN %(date_from)s AND %(date_to)s
                """,
                ids=self.ids,
                date_from=date_from,
                date_to=date_to,
            )
        )[0][0]
        amounts["complaint"] = amounts.get("complaint", 0.0) - float(cost)
        return amounts
