# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from . import health_rules


class KeyAccountHealth(models.Model):
    """One component of an account's health in one month, with what it came from."""

    _name = "key.account.health"
    _description = "Health of a Key Account"
    _inherit = ["key.account.server.written"]
    _order = "month desc, account_id, component_id"
    _rec_name = "component_id"

    account_id = fields.Many2one(
        "key.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    component_id = fields.Many2one(
        "key.account.health.component", required=True, readonly=True, ondelete="cascade"
    )
    month = fields.Date(required=True, readonly=True, index=True)
    raw = fields.Float(string="Figure", readonly=True, aggregator="avg")
    score = fields.Float(readonly=True, aggregator="avg")
    weight = fields.Float(readonly=True, aggregator=None)
    moved = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Points that the component's score gained or lost since last month.",
    )

    _account_component_month_uniq = models.Constraint(
        "unique (account_id, component_id, month)",
        "There is one row for each account, component and month.",
    )

    @api.model
    def _take(self, accounts):
        """Take the health of this month: last contacts, components, scores.

        :param accounts: ``key.account`` records with fresh figures
        """
        if not accounts:
            return
        self.env.flush_all()
        accounts._refresh_last_contact()
        components = self.env["key.account.health.component"].search(
            [("active", "=", True)]
        )
        facts = accounts._health_facts()
        for company, of_company in accounts.grouped("company_id").items():
            today = company._get_key_account_today()
            rows, totals = self._score(of_company, components, facts, today)
            self._write_scores(of_company, rows, totals, today)
        self.invalidate_model()
        accounts.invalidate_recordset()

    @api.model
    def _score(self, accounts, components, facts, today):
        """Score accounts of one company by what is known of each.

        :return: rows of components and of totals, as SQL, see :meth:`_write_scores`
        """
        month = today.replace(day=1)
        before = self._get_scores(accounts, components, month - relativedelta(months=1))
        rows, totals = [], []
        for account in accounts:
            known, old = facts[account.id], before.get(account.id, {})
            judged = components.filtered(
                lambda c, known=known: c.weight > 0 and c.kind in known
            )
            if not judged:
                continue
            scores = []
            for component in judged:
                raw = known[component.kind]
                score = health_rules.component_score(
                    raw, component.worst, component.best
                )
                moved = score - old[component.id][0] if component.id in old else 0.0
                scores.append((score, component.weight))
                values = (raw, score, component.weight, moved)
                ids = (account.id, account.company_id.id, component.id, month)
                rows.append(SQL("%s", (*ids, *values)))
            total = health_rules.total_score(scores)
            moved = total - health_rules.total_score(old.values()) if old else 0.0
            totals.append(SQL("%s", (account.id, total, moved)))
        return rows, totals

    @api.model
    def _get_scores(self, accounts, components, month):
        """Return account id -> component id -> (score, weight) of a month."""
        scores = {}
        for row in self.search_fetch(
            [
                ("account_id", "in", accounts.ids),
                ("component_id", "in", components.ids),
                ("month", "=", month),
            ],
            ["account_id", "component_id", "score", "weight"],
        ):
            scores.setdefault(row.account_id.id, {})[row.component_id.id] = (
                row.score,
                row.weight or 1e-9,
            )
        return scores

    @api.model
    def _write_scores(self, accounts, rows, totals, today):
        """Write the month's rows and the scores; the same day twice gives the same.

        What can't be judged any more has no row, and an account without rows no score.

        :param accounts: of one company
        :param rows: SQL of (account, company, component, month, figure, score, weight,
            points moved)
        :param totals: SQL of (account, score, points moved)
        """
        self._delete_scores(accounts, rows, today)
        self._insert_scores(rows)
        scored = SQL(", ").join(totals) or SQL("(0, 0, 0)")
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account
                   SET health_score = total.score,
                       health_moved = COALESCE(total.moved, 0),
                       health_date = CASE WHEN total.id IS NOT NULL THEN %s END
                  FROM key_account account
             LEFT JOIN (VALUES %s) AS total (id, score, moved)
                    ON total.id = account.id
                 WHERE key_account.id = account.id AND account.id = ANY(%s)
                """,
                today,
                scored,
                accounts.ids,
            )
        )

    @api.model
    def _delete_scores(self, accounts, rows, today):
        """Delete what can't be judged any more this month; see _write_scores."""
        written = SQL(", ").join(rows) or SQL("(0, 0, 0, NULL::date, 0, 0, 0, 0)")
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM key_account_health health
                 WHERE account_id = ANY(%s) AND month = %s
                   AND (account_id, component_id) NOT IN (
                       SELECT account, component FROM (VALUES %s) AS row (
                           account, company, component, month, raw, score, weight,
                           moved))
                """,
                accounts.ids,
                today.replace(day=1),
                written,
            )
        )

    @api.model
    def _insert_scores(self, rows):
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO key_account_health (account_id, company_id, component_id,
                       month, raw, score, weight, moved)
                VALUES %s
           ON CONFLICT (account_id, component_id, month) DO UPDATE
                   SET raw = EXCLUDED.raw, score = EXCLUDED.score,
                       weight = EXCLUDED.weight, moved = EXCLUDED.moved
                """,
                SQL(", ").join(rows),
            )
        )

    def _get_reason(self):
        """Name the components that pull the score of one account down the most."""
        worst = self.sorted(lambda row: row.weight * (100 - row.score), reverse=True)
        return "; ".join(
            self.env._(
                "%(component)s: %(raw)s, score %(score)s",
                component=row.component_id.name,
                raw=f"{row.raw:,.1f}",
                score=f"{row.score:.0f}",
            )
            for row in worst[:3]
            if row.score < 100
        )
