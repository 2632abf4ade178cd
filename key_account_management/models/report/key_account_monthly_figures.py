# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import format_date

from ..figures.key_account_kpi import REVENUE_TYPES
from ..tools.company_day import start_of_day

TOP_PRODUCTS = 10
MONTHS = 13
#: Of a longer list the paper shows so many rows, the workbook all.
PAPER_ROWS = 200


class KeyAccountMonthlyReport(models.Model):
    """What is in a report: plain values for the PDF and the workbook alike."""

    _inherit = "key.account.monthly.report"

    def _collect(self):
        """Return all that the report says.

        A handful of queries, however many accounts it is about; amounts in company
        currency.

        :return: dict of title, labels, currency and sections
        """
        self.ensure_one()
        accounts = self._get_accounts()
        internal = self.edition == "internal"
        end = self.month + relativedelta(months=1, days=-1)
        months = self._collect_months(accounts)
        overdue = self._collect_overdue(accounts)
        return {
            "title": self.name,
            "subject": self.account_id.partner_name or self.manager_id.name,
            "month": format_date(self.env, self.month, date_format="MMMM yyyy"),
            "currency": {
                "symbol": self.currency_id.symbol,
                "digits": self.currency_id.decimal_places,
                "before": self.currency_id.position == "before",
            },
            "currency_record": self.currency_id,
            "internal": internal,
            "labels": self._labels(),
            "months": months,
            "figures": self._collect_figures(accounts, months, internal, overdue),
            "accounts": self._collect_accounts(accounts) if self.manager_id else [],
            "products": self._collect_products(accounts, self.month, end),
            "overdue": overdue,
            "complaints": self._collect_complaints(accounts),
            "paper_rows": PAPER_ROWS,
            "commitments": self._collect_commitments(accounts),
        }

    def _labels(self):
        internal = self.edition == "internal"
        return {
            "summary": self.env._("Summary"),
            "months": self.env._("Months"),
            "products": self.env._("Products"),
            "overdue": self.env._("Overdue Invoices"),
            "complaints": self.env._("Complaints"),
            "commitments": self.env._("Commitments"),
            "accounts": self.env._("Accounts"),
            "figure": self.env._("Figure"),
            "this_month": self.env._("Month"),
            "previous": self.env._("Month Before"),
            "year_before": self.env._("Year Before"),
            "change": self.env._("Change (%)"),
            "month": self.env._("Month"),
            "revenue": self.env._("Revenue")
            if internal
            else self.env._("Your Purchases"),
            "margin": self.env._("Margin"),
            "margin_rate": self.env._("Margin (%)"),
            "orders": self.env._("Orders"),
            "revenue_12m": self.env._("Revenue of 12 Months"),
            "margin_12m": self.env._("Margin of 12 Months"),
            "more": self.env._("More in the workbook"),
            "total": self.env._("Total"),
            "product": self.env._("Product"),
            "invoice": self.env._("Invoice"),
            "due": self.env._("Due"),
            "amount": self.env._("Amount"),
            "number": self.env._("Number"),
            "subject": self.env._("Subject"),
            "received": self.env._("Received"),
            "stage": self.env._("Stage"),
            "account": self.env._("Key Account"),
            "tier": self.env._("Tier"),
            "growth": self.env._("Growth (%)"),
            "health": self.env._("Health"),
            "target": self.env._("Target"),
            "consumed": self.env._("Consumed"),
            "rate": self.env._("Consumed (%)"),
        }

    def _today(self):
        tz = self.company_id._get_key_account_tz()
        return fields.Date.context_today(self.with_context(tz=tz))

    def _collect_months(self, accounts):
        """Return revenue, margin and orders of 13 months, the oldest first."""
        first = self.month - relativedelta(months=MONTHS - 1)
        groups = (
            self.env["key.account.kpi"]
            .sudo()
            ._read_group(
                # sudo: as _get_accounts().
                [
                    ("account_id", "in", accounts.ids),
                    ("month", ">=", first),
                    ("month", "<=", self.month),
                ],
                ["month:month"],
                ["revenue:sum", "margin:sum", "order_count:sum"],
            )
        )
        by_month = {group[0]: group[1:] for group in groups}
        rows = []
        for number in range(MONTHS):
            day = first + relativedelta(months=number)
            revenue, margin, orders = by_month.get(day, (0.0, 0.0, 0))
            rows.append(
                {
                    "month": day,
                    "label": format_date(self.env, day, date_format="MMM yyyy"),
                    "revenue": revenue,
                    "margin": margin,
                    "orders": orders,
                }
            )
        highest = max((row["revenue"] for row in rows), default=0.0)
        for row in rows:
            row["share"] = (
                max(round(100 * row["revenue"] / highest), 0) if highest > 0 else 0
            )
        return rows

    def _collect_figures(self, accounts, months, internal, overdue):
        """Return the headline figures: this month, the last, the same a year ago."""
        labels = self._labels()
        year_before, before, this = months[0], months[-2], months[-1]

        def line(key, kind):
            return {
                "label": labels[key],
                "kind": kind,
                "value": this[key],
                "previous": before[key],
                "year_before": year_before[key],
            }

        figures = [line("revenue", "money"), line("orders", "number")]
        if internal:
            figures.insert(1, line("margin", "money"))

        def today(label, kind, value, day=None):
            day = format_date(self.env, day or self._today())
            return {
                "label": f"{label} ({day})",
                "kind": kind,
                "value": value,
                "previous": None,
                "year_before": None,
            }

        if internal:
            # As of the night in which they were added up, of the oldest where several.
            added_up = min(filter(None, accounts.mapped("figures_to")), default=None)
            figures += [
                today(label, "money", sum(accounts.mapped(fname)), added_up)
                for label, fname in (
                    (labels["revenue_12m"], "revenue_12m"),
                    (self.env._("Credit Exposure"), "credit_exposure"),
                    (self.env._("Open Quotations"), "open_quotation_amount"),
                )
            ]
        total = sum(row["amount"] for row in overdue)
        figures.append(today(self.env._("Overdue"), "money", total))
        if self.account_id:
            figures.append(
                today(
                    self.env._("Points"),
                    "number",
                    sum(accounts.mapped("loyalty_points")),
                )
            )
            if internal:
                figures.append(
                    today(self.env._("Health"), "number", round(accounts.health_score))
                )
        return figures

    def _collect_accounts(self, accounts):
        return [
            {
                "account": account.partner_name,
                "tier": account.tier_id.name or "",
                "revenue": account.revenue_12m,
                "margin": account.margin_12m,
                "growth": account.growth,
                "health": round(account.health_score),
                "overdue": account.overdue_amount,
            }
            for account in accounts.sorted("revenue_12m", reverse=True)
        ]

    def _collect_products(self, accounts, first, last):
        """Return the products with the highest revenue of the month."""
        groups = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                # sudo: as _get_accounts().
                [
                    ("company_id", "=", self.company_id.id),
                    ("move_id.commercial_partner_id", "in", accounts.partner_id.ids),
                    ("move_id.move_type", "in", REVENUE_TYPES),
                    ("parent_state", "=", "posted"),
                    ("display_type", "=", "product"),
                    ("invoice_date", ">=", first),
                    ("invoice_date", "<=", last),
                ],
                ["product_id"],
                ["balance:sum"],
                order="balance:sum",
                limit=TOP_PRODUCTS,
            )
        )
        return [
            {
                "product": product.display_name or self.env._("Without product"),
                "revenue": -balance,
            }
            for product, balance in groups
        ]

    def _collect_overdue(self, accounts):
        """Return what is past its due date by document, as in the accounts' figures.

        Payments and credit notes that aren't matched yet stand against it.
        """
        groups = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                # sudo: as _get_accounts().
                accounts._overdue_domain(self._today()),
                ["move_id"],
                ["amount_residual:sum", "date_maturity:min"],
            )
        )
        rows = [
            {
                "invoice": move.name,
                "account": move.commercial_partner_id.name or "",
                "due": due,
                "due_label": format_date(self.env, due),
                "amount": amount,
            }
            for move, amount, due in groups
            if not self.currency_id.is_zero(amount)
        ]
        return sorted(rows, key=lambda row: (row["due"], row["invoice"]))

    def _collect_complaints(self, accounts):
        """Return complaints that are open or came in during the month."""
        tz = self.company_id._get_key_account_tz()
        first = start_of_day(self.month, tz)
        after = start_of_day(self.month + relativedelta(months=1), tz)
        complaints = (
            self.env["key.account.complaint"]
            .sudo()
            .search(
                # sudo: as _get_accounts().
                [
                    ("account_id", "in", accounts.ids),
                    ("stage_kind", "!=", "cancelled"),
                    "|",
                    ("stage_kind", "!=", "done"),
                    "&",
                    ("create_date", ">=", first),
                    ("create_date", "<", after),
                ],
                order="id desc",
            )
        )
        rows = []
        for complaint in complaints:
            received = self.company_id._to_key_account_time(complaint.create_date)
            rows.append(
                {
                    "number": complaint.name,
                    "subject": complaint.subject,
                    "received": received.date(),
                    "received_label": format_date(self.env, received.date()),
                    "stage": complaint.stage_id.name,
                }
            )
        return rows

    def _collect_commitments(self, accounts):
        commitments = (
            self.env["key.account.commitment"]
            .sudo()
            .search(
                # sudo: as _get_accounts().
                [
                    ("account_id", "in", accounts.ids),
                    ("agreement_id.state", "=", "active"),
                    ("date_from", "<=", self._today()),
                    ("date_to", ">=", self.month),
                ],
            )
        )
        return [
            {
                "commitment": commitment.display_name,
                "target": commitment.target,
                "consumed": commitment.consumed,
                "rate": commitment.rate,
            }
            for commitment in commitments
        ]
