# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.tools import format_date, formatLang

#: One page: so many of each.
TOP, PEOPLE, LINES = 3, 8, 6


class KeyAccountBriefing(models.AbstractModel):
    """What to know before a meeting with the customer, on one page.

    Nothing is typed for it: figures, documents, stakeholders, white space, competitors
    and promises are there already.
    """

    _name = "report.key_account_management_plan.report_key_account_briefing"
    _description = "Briefing of a Key Account"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the template shows, as far as the user may read it."""
        accounts = self.env["key.account"].browse(docids)
        accounts.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": "key.account",
            "docs": accounts,
            "briefings": {
                account.id: self._get_briefing(account) for account in accounts
            },
        }

    @api.model
    def _get_briefing(self, account):
        """Return the sections of a briefing as plain values."""
        return {
            "day": format_date(self.env, account.company_id._get_key_account_today()),
            "as_of": format_date(self.env, account.figures_to)
            if account.figures_to
            else "",
            "figures": account._overview_figures(),
            "targets": self._get_targets(account),
            "open": account._overview_open(),
            "agreements": self._get_agreements(account),
            "bonuses": self._get_bonuses(account),
            "people": self._get_people(account),
            "gaps": self.env["key.account.stakeholder.gap"]
            ._get_gaps(account)
            .get(account.id, []),
            "white_space": self._get_white_space(account),
            "competitors": self._get_competitors(account),
            "promises": self._get_promises(account),
            "recent": account._overview_latest()[:LINES],
            "next": sorted(account._overview_next(), key=lambda row: row["day"])[
                :LINES
            ],
        }

    @api.model
    def _get_targets(self, account):
        today = account.company_id._get_key_account_today()
        targets = self.env["key.account.target"].search(
            [
                ("account_id", "=", account.id),
                ("date_from", "<=", today),
                ("date_to", ">=", today),
            ],
            limit=TOP,
        )
        return [
            {
                "name": target.name,
                "achieved": account._format_amount(target.revenue),
                "target": account._format_amount(target.target_revenue),
                "rate": formatLang(self.env, target.revenue_rate, digits=0),
                "forecast": account._format_amount(target.revenue_forecast),
            }
            for target in targets
            if target.target_revenue
        ]

    @api.model
    def _get_agreements(self, account):
        """Return the agreements in force, with their end and their commitments."""
        agreements = account.agreement_ids.filtered(lambda each: each.state == "active")
        return [
            {
                "name": agreement.display_name,
                "end": format_date(self.env, agreement.date_end)
                if agreement.date_end
                else self.env._("open-ended"),
                "commitments": [
                    self.env._(
                        "%(name)s: %(rate)s %% reached",
                        name=commitment.display_name,
                        rate=formatLang(self.env, commitment.rate, digits=0),
                    )
                    for commitment in agreement.commitment_ids
                ],
            }
            for agreement in agreements[:TOP]
        ]

    @api.model
    def _get_bonuses(self, account):
        """Return how far bonuses are, where the addon for them is installed."""
        if "key.account.rebate" not in self.env:
            return []
        rebates = self.env["key.account.rebate"].search(
            [("account_id", "=", account.id), ("state", "=", "active")], limit=TOP
        )
        return [
            self.env._(
                "%(name)s: %(reached)s reached, %(missing)s to the next step",
                name=rebate.name,
                reached=formatLang(self.env, rebate.reached, digits=0),
                missing=formatLang(self.env, rebate.missing, digits=0),
            )
            if rebate.next_step_id
            else self.env._(
                "%(name)s: %(reached)s reached, the highest step",
                name=rebate.name,
                reached=formatLang(self.env, rebate.reached, digits=0),
            )
            for rebate in rebates
        ]

    @api.model
    def _get_people(self, account):
        members = account.stakeholder_ids.filtered(lambda who: not who.left_date)
        fields_ = ("buying_role", "attitude", "coverage")
        labels = {
            name: dict(members._fields[name]._description_selection(self.env))
            for name in fields_
        }
        return [
            {
                "name": who.name,
                "position": who.position or "",
                **{name: labels[name].get(who[name], "") for name in fields_},
                "last": format_date(self.env, who.last_contact_date)
                if who.last_contact_date
                else "–",
            }
            for who in members[:PEOPLE]
        ]

    @api.model
    def _get_white_space(self, account):
        cells = self.env["key.account.white.space"].search(
            [
                ("account_id", "=", account.id),
                ("potential", ">", 0),
                # The lowest categories: those above contain them.
                ("category_id.child_id", "=", False),
            ],
            limit=TOP,
        )
        return [
            {
                "category": cell.category_id.display_name,
                "potential": account._format_amount(cell.potential),
                "revenue": account._format_amount(cell.revenue),
                "competitor": cell.competitor_id.name or "",
            }
            for cell in cells
        ]

    @api.model
    def _get_competitors(self, account):
        shares = account.share_ids.filtered("is_current")[:LINES]
        return [
            {
                "name": entry.competitor_id.name,
                "what": entry.category_id.display_name or self.env._("all products"),
                "share": formatLang(self.env, entry.share, digits=0)
                if entry.is_known
                else "",
                "end": format_date(self.env, entry.contract_end)
                if entry.contract_end
                else "",
                "answer": entry.competitor_id.answer or "",
            }
            for entry in shares
        ]

    @api.model
    def _get_promises(self, account):
        promises = self.env["key.account.promise"].search(
            [("account_id", "=", account.id), ("state", "=", "open")]
        )
        return [
            {"text": promise._describe(), "late": promise.is_late}
            for promise in promises
        ]
