# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from . import health_rules

#: Kind of component -> field of the account with its raw figure.
FACTS = {
    "growth": "growth",
    "margin": "margin_rate",
    "payment": "days_to_pay",
    "overdue": "overdue_rate",
    "repeat": "repeat_order_rate",
    "contact": "days_since_contact",
}


class KeyAccountHealth(models.Model):
    """One component of an account's health in one month, with what it came from."""

    _name = "key.account.health"
    _description = "Health of a Key Account"
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
        help="Points of the component's score gained or lost since last month.",
    )

    _account_component_month_uniq = models.Constraint(
        "unique (account_id, component_id, month)",
        "There is one row for each account, component and month.",
    )


class KeyAccount(models.Model):
    _inherit = "key.account"

    health_ids = fields.One2many(
        "key.account.health",
        compute="_compute_health_ids",
        string="Health of This Month",
    )
    health_score = fields.Float(
        readonly=True,
        aggregator="avg",
        help="0 to 100, the weighted mean of the components below. Taken each night; "
        "nobody can enter it.",
    )
    health_moved = fields.Float(
        readonly=True, aggregator="avg", help="Since last month."
    )
    health_date = fields.Date(readonly=True)
    last_contact_date = fields.Date(
        readonly=True,
        help="Last message or meeting with the customer that Odoo knows of.",
    )
    risk_reason = fields.Text(tracking=True, help="Why the account is at risk.")
    risk_automatic = fields.Boolean(readonly=True)
    overdue_rate = fields.Float(
        compute="_compute_health_raw",
        help="Overdue amount as a share of the credit exposure.",
    )
    days_since_contact = fields.Integer(compute="_compute_health_raw")

    @api.depends("overdue_amount", "credit_exposure", "last_contact_date")
    def _compute_health_raw(self):
        today = fields.Date.context_today(self)
        for account in self:
            account.overdue_rate = (
                100 * account.overdue_amount / account.credit_exposure
                if account.credit_exposure > 0
                else 0.0
            )
            since = account.last_contact_date or account.create_date.date()
            account.days_since_contact = max((today - since).days, 0)

    @api.depends("health_date")
    def _compute_health_ids(self):
        rows = self.env["key.account.health"].search(
            [
                ("account_id", "in", self.ids),
                ("month", "in", [d.replace(day=1) for d in self._health_dates()]),
            ]
        )
        by_account = rows.grouped("account_id")
        for account in self:
            account.health_ids = by_account.get(account, rows.browse()).filtered(
                lambda row, day=account.health_date: day
                and row.month == day.replace(day=1)
            )

    def _health_facts(self):
        """Return the raw figures that health is judged by; rooms above add theirs.

        :return: dict of account id -> dict of component kind -> figure; a kind that is
            missing has nothing to be judged by, and the others weigh more
        """
        return {
            account.id: {kind: account[fname] for kind, fname in FACTS.items()}
            for account in self
        }

    def _health_dates(self):
        return {account.health_date for account in self if account.health_date}

    def _refresh_health(self):
        """Score these accounts from their figures, and flag who is at risk.

        The figures must be fresh. One statement for the last contacts, one for the
        rows of the month, one for the scores.
        """
        if not self:
            return
        self._refresh_last_contact()
        components = self.env["key.account.health.component"].search(
            [("active", "=", True)]
        )
        today = fields.Date.context_today(self)
        month = today.replace(day=1)
        before = self._health_scores_of(month - relativedelta(months=1))
        facts = self._health_facts()
        rows, totals = [], []
        for account in self:
            parts = []
            facts_of_account = facts[account.id]
            judged = components.filtered(
                lambda c, known=facts_of_account: c.weight > 0 and c.kind in known
            )
            for component in judged or components:
                raw = facts_of_account.get(component.kind, 0.0)
                score = health_rules.component_score(
                    raw, component.worst, component.best
                )
                parts.append((component, raw, score))
            total = health_rules.total_score((s, c.weight) for c, _raw, s in parts)
            old = before.get(account.id, {})
            rows += [
                account._health_row(month, component, raw, score, old)
                for component, raw, score in parts
            ]
            old_total = old and health_rules.total_score(
                old[c.id] for c in components if c.id in old
            )
            moved = total - old_total if old else 0.0
            totals.append(SQL("(%s, %s, %s)", account.id, total, moved))
        self._write_health(rows, totals, today)
        self._flag_risk()

    def _health_scores_of(self, month):
        """Return account id -> component id -> (score, weight) of a month."""
        scores = {}
        for row in self.env["key.account.health"].search_fetch(
            [("account_id", "in", self.ids), ("month", "=", month)],
            ["account_id", "component_id", "score", "weight"],
        ):
            scores.setdefault(row.account_id.id, {})[row.component_id.id] = (
                row.score,
                row.weight or 1e-9,
            )
        return scores

    def _health_row(self, month, component, raw, score, old):
        self.ensure_one()
        moved = score - old[component.id][0] if component.id in old else 0.0
        return SQL(
            "(%s, %s, %s, %s::date, %s, %s, %s, %s)",
            self.id,
            self.company_id.id,
            component.id,
            month,
            raw,
            score,
            component.weight,
            moved,
        )

    def _write_health(self, rows, totals, today):
        """Write the month's rows and the scores; the same day twice gives the same."""
        self.env.flush_all()
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
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account
                   SET health_score = total.score, health_moved = total.moved,
                       health_date = %s
                  FROM (VALUES %s) AS total (id, score, moved)
                 WHERE key_account.id = total.id
                """,
                today,
                SQL(", ").join(totals),
            )
        )
        self.env["key.account.health"].invalidate_model()
        self.invalidate_recordset()

    def _refresh_last_contact(self):
        """Find the last message or meeting with each customer, in one statement."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account account SET last_contact_date = contact.day
                  FROM (
                    SELECT account.id, GREATEST((
                        SELECT MAX(message.date)::date FROM mail_message message
                         WHERE message.message_type IN
                               ('comment', 'email', 'email_outgoing')
                           AND (message.model = 'key.account'
                                AND message.res_id = account.id
                                OR message.model = 'res.partner' AND message.res_id IN (
                                   SELECT id FROM res_partner WHERE
                                   commercial_partner_id = account.partner_id))
                      ), (
                        SELECT MAX(event.start)::date FROM calendar_event event
                          JOIN calendar_event_res_partner_rel attendee
                            ON attendee.calendar_event_id = event.id
                          JOIN res_partner person
                            ON person.id = attendee.res_partner_id
                         WHERE person.commercial_partner_id = account.partner_id
                           AND event.active AND event.start <= now() AT TIME ZONE 'UTC'
                      )) AS day
                      FROM key_account account WHERE account.id = ANY(%s)) contact
                 WHERE account.id = contact.id
                   AND account.last_contact_date IS DISTINCT FROM contact.day
                """,
                self.ids,
            )
        )
        self.invalidate_recordset(["last_contact_date"])

    def action_activate(self):
        result = super().action_activate()
        self.write({"risk_reason": False, "risk_automatic": False})
        return result

    def _flag_risk(self):
        """Set accounts at risk by their score, with the reason, and back again."""
        for account in self:
            limit = account.company_id.key_account_risk_score
            if account.state == "active" and account.health_score < limit:
                reason = account._risk_text()
                account.write(
                    {"state": "at_risk", "risk_reason": reason, "risk_automatic": True}
                )
                account._tell_manager(
                    self.env._("At risk: health score %.0f", account.health_score),
                    reason,
                )
            elif (
                account.state == "at_risk"
                and account.risk_automatic
                and account.health_score >= limit + 5
            ):
                account.write(
                    {"state": "active", "risk_reason": False, "risk_automatic": False}
                )
                account._message_log(
                    body=self.env._(
                        "Health score %.0f: no longer at risk.", account.health_score
                    )
                )

    def _risk_text(self):
        """Name the components that pull the score down the most."""
        self.ensure_one()
        worst = self.health_ids.sorted(
            lambda row: row.weight * (100 - row.score), reverse=True
        )[:3]
        return "; ".join(
            self.env._(
                "%(component)s: %(raw)s, score %(score)s",
                component=row.component_id.name,
                raw=f"{row.raw:,.1f}",
                score=f"{row.score:.0f}",
            )
            for row in worst
            if row.score < 100
        )
