# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import base64
import io

import xlsxwriter

from odoo import fields, models
from odoo.tools import SQL

COLUMNS = ("points", "owed", "value", "expiring_30", "expiring_60", "expiring_90")


class LoyaltyLiability(models.TransientModel):
    """Outstanding points at a date: how many, what worth, how many expire soon."""

    _name = "loyalty.liability"
    _description = "Liability of Outstanding Points"

    date = fields.Date(required=True, default=fields.Date.context_today)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    program_ids = fields.Many2many(
        "loyalty.program",
        domain="[('is_point_ledger', '=', True)]",
        string="Programs",
        help="Leave empty for all programs.",
    )
    line_ids = fields.One2many("loyalty.liability.line", "report_id")
    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    def action_show(self):
        """Fill the lines and open them as a list."""
        self.ensure_one()
        self.line_ids.unlink()
        self.env["loyalty.liability.line"].create(
            [{"report_id": self.id, **row} for row in self._get_rows()]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_management.loyalty_liability_line_action"
        )
        action["name"] = self.env._(
            "Outstanding Points at %s", fields.Date.to_string(self.date)
        )
        action["domain"] = [("report_id", "=", self.id)]
        return action

    def _get_rows(self):
        """Return one dict per card with points, owed ones included.

        Rests on the ledger alone. Under oldest-first what is left of a balance are the
        points that expire last: so the lots of a past day follow from its balance.

        :return: list of dicts, points in points, ``value`` in the program's currency
        """
        self.ensure_one()
        self.env.flush_all()
        programs = self.program_ids or self.env["loyalty.program"].with_context(
            active_test=False
        ).search(
            [
                ("is_point_ledger", "=", True),
                ("company_id", "in", [False, self.company_id.id]),
            ]
        )
        if not programs:
            return []
        return self.env.execute_query_dict(
            SQL(
                """
            WITH balance AS (
                SELECT entry.card_id, ROUND(SUM(entry.points)::numeric, 2) AS points
                  FROM loyalty_history entry
                 WHERE entry.program_id IN %(programs)s AND entry.date <= %(day)s
              GROUP BY entry.card_id
                HAVING ROUND(SUM(entry.points)::numeric, 2) != 0
            ), taken AS (
                SELECT origin_id, SUM(points) AS points
                  FROM loyalty_history
                 WHERE kind IN ('claw_back', 'expire') AND date <= %(day)s
                   AND origin_id IS NOT NULL AND program_id IN %(programs)s
              GROUP BY origin_id
            ), lot AS (
                SELECT entry.card_id, entry.expiry_date,
                       GREATEST(entry.points + COALESCE(taken.points, 0), 0) AS points,
                       entry.date, entry.id
                  FROM loyalty_history entry
             LEFT JOIN taken ON taken.origin_id = entry.id
                 WHERE entry.program_id IN %(programs)s AND entry.date <= %(day)s
                   AND entry.points > 0 AND entry.kind != 'unspend'
                   AND (entry.expiry_date IS NULL OR entry.expiry_date >= %(day)s)
            ), ranked AS (
                SELECT lot.*, COALESCE(SUM(points) OVER (
                           PARTITION BY card_id
                           ORDER BY expiry_date DESC NULLS FIRST, date DESC, id DESC
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0
                       ) AS younger
                  FROM lot
            ), remaining AS (
                SELECT ranked.card_id, ranked.expiry_date,
                       LEAST(ranked.points,
                             GREATEST(balance.points - ranked.younger::numeric, 0)
                       ) AS points
                  FROM ranked JOIN balance ON balance.card_id = ranked.card_id
            ), expiring AS (
                SELECT card_id,
                       SUM(points) FILTER (WHERE expiry_date <= %(day)s + 30) AS d30,
                       SUM(points) FILTER (WHERE expiry_date <= %(day)s + 60) AS d60,
                       SUM(points) FILTER (WHERE expiry_date <= %(day)s + 90) AS d90
                  FROM remaining GROUP BY card_id
            )
            SELECT card.id AS card_id, card.program_id, card.partner_id,
                   program.currency_id,
                   GREATEST(balance.points, 0)::float AS points,
                   GREATEST(-balance.points, 0)::float AS owed,
                   ROUND(GREATEST(balance.points, 0)
                         * COALESCE(program.settlement_value, 0), 2)::float AS value,
                   COALESCE(expiring.d30, 0)::float AS expiring_30,
                   COALESCE(expiring.d60, 0)::float AS expiring_60,
                   COALESCE(expiring.d90, 0)::float AS expiring_90
              FROM balance
              JOIN loyalty_card card ON card.id = balance.card_id
              JOIN loyalty_program program ON program.id = card.program_id
         LEFT JOIN expiring ON expiring.card_id = card.id
          ORDER BY balance.points DESC, card.id
                """,
                programs=tuple(programs.ids),
                day=self.date,
            )
        )

    def action_export(self):
        """Write the report as xlsx and offer it for download."""
        self.ensure_one()
        self.write(
            {
                "file": base64.b64encode(self._get_xlsx()),
                "file_name": f"points_{fields.Date.to_string(self.date)}.xlsx",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{self.file_name}"
            "?download=true",
            "target": "self",
        }

    def _get_xlsx(self):
        """Return the workbook: one row per card and the totals."""
        stream = io.BytesIO()
        workbook = xlsxwriter.Workbook(stream, {"constant_memory": True})
        sheet = workbook.add_worksheet(self.env._("Outstanding Points"))
        bold = workbook.add_format({"bold": True})
        number = workbook.add_format({"num_format": "#,##0.00"})
        sheet.set_column(0, 1, 32)
        sheet.set_column(2, 7, 16)
        sheet.write(0, 0, self.env._("Outstanding points at"), bold)
        sheet.write(0, 1, fields.Date.to_string(self.date))
        labels = self.env["loyalty.liability.line"].fields_get(
            ["program_id", "partner_id", *COLUMNS], ["string"]
        )
        for column, name in enumerate(["program_id", "partner_id", *COLUMNS]):
            sheet.write(2, column, labels[name]["string"], bold)
        rows = self._get_rows()
        names = {
            model: {
                record.id: record.display_name
                # sudo: names only, of what the report lists anyway
                for record in self.env[model].sudo().browse({row[key] for row in rows})
            }
            for model, key in (
                ("loyalty.program", "program_id"),
                ("res.partner", "partner_id"),
            )
        }
        line = 2
        for line, row in enumerate(rows, start=3):
            sheet.write(line, 0, names["loyalty.program"].get(row["program_id"], ""))
            sheet.write(line, 1, names["res.partner"].get(row["partner_id"], ""))
            for column, name in enumerate(COLUMNS, start=2):
                sheet.write(line, column, row[name], number)
        sheet.write(line + 2, 0, self.env._("Total"), bold)
        for column, name in enumerate(COLUMNS, start=2):
            sheet.write(line + 2, column, sum(row[name] for row in rows), number)
        workbook.close()
        return stream.getvalue()


class LoyaltyLiabilityLine(models.TransientModel):
    _name = "loyalty.liability.line"
    _description = "Outstanding Points of a Card"
    _order = "points desc, id"

    report_id = fields.Many2one("loyalty.liability", required=True, ondelete="cascade")
    card_id = fields.Many2one("loyalty.card", ondelete="cascade")
    program_id = fields.Many2one("loyalty.program", ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Holder", ondelete="cascade")
    currency_id = fields.Many2one("res.currency")
    points = fields.Float(string="Outstanding")
    owed = fields.Float()
    value = fields.Monetary()
    expiring_30 = fields.Float(string="Expiring (30 d)")
    expiring_60 = fields.Float(string="Expiring (60 d)")
    expiring_90 = fields.Float(string="Expiring (90 d)")

    def action_view_ledger(self):
        """Open the movements of the card."""
        return self.card_id.action_view_ledger()
