# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import base64

from odoo import fields, models
from odoo.tools import SQL

from ...models.tools.records import check_export, open_records
from ...models.tools.xlsx_export import Sheet, workbook

COLUMNS = ("points", "owed", "value", "expiring_30", "expiring_60", "expiring_90")
#: Rests on the ledger alone. Under oldest-first what is left of a balance are the
#: points that expire last: so the lots of a past day follow from its balance.
OUTSTANDING = """
    WITH entry AS (
        SELECT id, card_id, key_account_kind AS kind, key_account_date AS date,
               key_account_points AS points, key_account_origin_id AS origin_id,
               key_account_expiry_date AS expiry_date
          FROM loyalty_history
         WHERE key_account_program_id IN %(programs)s
               AND key_account_date <= %(day)s
    ), balance AS (
        SELECT card_id, ROUND(SUM(points)::numeric, 2) AS points
          FROM entry
      GROUP BY card_id
        HAVING ROUND(SUM(points)::numeric, 2) != 0
    ), taken AS (
        SELECT origin_id, SUM(points) AS points
          FROM entry
         WHERE kind IN ('claw_back', 'expire') AND origin_id IS NOT NULL
      GROUP BY origin_id
    ), lot AS (
        SELECT entry.card_id, entry.expiry_date, entry.date, entry.id,
               GREATEST(entry.points + COALESCE(taken.points, 0), 0) AS points
          FROM entry
     LEFT JOIN taken ON taken.origin_id = entry.id
         WHERE entry.points > 0 AND entry.kind != 'unspend'
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
    SELECT card.id AS card_id, card.program_id, card.partner_id, program.currency_id,
           GREATEST(balance.points, 0)::float AS points,
           GREATEST(-balance.points, 0)::float AS owed,
           ROUND(GREATEST(balance.points, 0)
                 * COALESCE(program.key_account_settlement_value, 0), 2
           )::float AS value,
           COALESCE(expiring.d30, 0)::float AS expiring_30,
           COALESCE(expiring.d60, 0)::float AS expiring_60,
           COALESCE(expiring.d90, 0)::float AS expiring_90
      FROM balance
      JOIN loyalty_card card ON card.id = balance.card_id
      JOIN loyalty_program program ON program.id = card.program_id
 LEFT JOIN expiring ON expiring.card_id = card.id
  ORDER BY balance.points DESC, card.id
"""


class LoyaltyLiability(models.TransientModel):
    """Outstanding points at a date: how many, their worth, and how many expire soon."""

    _name = "loyalty.liability"
    _description = "Liability of Outstanding Points"

    date = fields.Date(
        required=True, default=lambda self: self.env.company._get_key_account_today()
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    program_ids = fields.Many2many(
        "loyalty.program",
        domain="[('key_account_ledger', '=', True)]",
        string="Programs",
        help="Leave empty for all programs.",
    )
    line_ids = fields.One2many("loyalty.liability.line", "report_id")
    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    def action_show(self):
        """Fill the lines and open them as a list.

        :return: a window action
        """
        self.ensure_one()
        self.line_ids.unlink()
        self.env["loyalty.liability.line"].create(
            [{"report_id": self.id, **row} for row in self._get_rows()]
        )
        return open_records(
            self.env,
            "key_account_management.loyalty_liability_line_action",
            [("report_id", "=", self.id)],
            name=self._get_title(),
        )

    def _get_title(self):
        day = fields.Date.to_string(self.date)
        return self.env._("Outstanding Points as of %s", day)

    def _get_rows(self):
        """Return one dict per card with points, owed ones included.

        :return: list of dicts, points in points, ``value`` in the program's currency
        """
        self.ensure_one()
        self.env.flush_all()
        # The statement reads what the ids say.
        self.program_ids.check_access("read")
        programs = self.program_ids or self.env["loyalty.program"].with_context(
            active_test=False
        ).search(
            [
                ("key_account_ledger", "=", True),
                ("company_id", "in", [False, self.company_id.id]),
            ]
        )
        if not programs:
            return []
        return self.env.execute_query_dict(
            SQL(OUTSTANDING, programs=tuple(programs.ids), day=self.date)
        )

    def action_export(self):
        """Write the report as xlsx and offer it for download.

        :return: a URL action
        """
        check_export(self.env)
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
        names = ("program_id", "partner_id", *COLUMNS)
        labels = self.env["loyalty.liability.line"].fields_get(names, ["string"])
        rows = self._get_rows()
        programs = self._get_names("loyalty.program", rows, "program_id")
        partners = self._get_names("res.partner", rows, "partner_id")
        with workbook() as (book, buffer):
            sheet = Sheet(
                book,
                self._get_title(),
                [labels[name]["string"] for name in names],
                [32, 32] + [16] * len(COLUMNS),
            )
            for row in rows:
                sheet.append(
                    [
                        programs[row["program_id"]],
                        partners.get(row["partner_id"]),
                        *[row[name] for name in COLUMNS],
                    ]
                )
            sheet.append(
                [
                    self.env._("Total"),
                    None,
                    *[float(sum(row[name] for row in rows)) for name in COLUMNS],
                ]
            )
        return buffer.getvalue()

    def _get_names(self, model, rows, key):
        # sudo: names only, of what the report lists anyway.
        records = self.env[model].sudo().browse({row[key] for row in rows} - {None})
        return {record.id: record.display_name for record in records}
