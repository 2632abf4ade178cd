# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from ..figures.key_account_kpi import REVENUE_TYPES

TOP_PRODUCTS = 10
MONTHS = 13
#: Of a longer list the paper shows so many rows, the workbook all.
PAPER_ROWS = 200


class KeyAccountMonthlyReportContent(models.AbstractModel):
    """What a monthly report says: plain values for the PDF and the workbook alike."""

    _name = "key.account.monthly.report.content"
    _description = "Content of a Monthly Account Report"

    def _collect(self):
        """Return all that the report says.

        A handful of queries, however many accounts it is about; amounts in company
        currency.

        :return: dict of title, labels, currency, figures, months and sections
        """
        self.ensure_one()
        accounts = self._get_accounts()
        internal = self.edition == "internal"
        months = self._collect_months(accounts)
        overdue = self._collect_overdue(accounts)
        sections = self._collect_sections(accounts, overdue)
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
            "figures": self._month_figures(months)
            + self._today_figures(accounts, overdue, sections),
            "sections": [section for section in sections if section.get("columns")],
            "paper_rows": PAPER_ROWS,
        }

    def _labels(self):
        internal = self.edition == "internal"
        return {
            "summary": self.env._("Summary"),
            "months": self.env._("Months"),
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
            "more": self.env._("More in the workbook"),
            "total": self.env._("Total"),
        }

    def _get_period(self):
        """Return the first and the last day of the month."""
        return self.month, self.month + relativedelta(months=1, days=-1)

    def _collect_months(self, accounts):
        """Return revenue, margin and orders of 13 months, the oldest first."""
        first = self.month - relativedelta(months=MONTHS - 1)
        # sudo: as _get_accounts().
        Kpi = self.env["key.account.kpi"].sudo()
        groups = Kpi._read_group(
            [
                ("account_id", "in", accounts.ids),
                ("month", ">=", first),
                ("month", "<=", self.month),
            ],
            ["month:month"],
            ["revenue:sum", "margin:sum", "order_count:sum"],
        )
        by_month = {group[0]: group[1:] for group in groups}
        rows = []
        for number in range(MONTHS):
            day = first + relativedelta(months=number)
            revenue, margin, orders = by_month.get(day, (0.0, 0.0, 0))
            rows.append(
                {
                    "label": format_date(self.env, day, date_format="MMM yyyy"),
                    "revenue": revenue,
                    "margin": margin,
                    "orders": orders,
                }
            )
        highest = max(row["revenue"] for row in rows)
        for row in rows:
            row["share"] = (
                max(round(100 * row["revenue"] / highest), 0) if highest > 0 else 0
            )
        return rows

    def _month_figures(self, months):
        """Return the figures of the month, of the one before and of a year ago."""
        labels = self._labels()
        kinds = {"revenue": "money", "margin": "money", "orders": "number"}
        if self.edition != "internal":
            del kinds["margin"]
        return [
            {
                "label": labels[key],
                "kind": kind,
                "value": months[-1][key],
                "previous": months[-2][key],
                "year_before": months[0][key],
            }
            for key, kind in kinds.items()
        ]

    def _today_figures(self, accounts, overdue, sections):
        """Return the figures that are as of a day, whichever month is reported.

        :param overdue: rows of :meth:`_collect_overdue`
        :param sections: what :meth:`_collect_sections` returns; they have figures, too
        """
        internal = self.edition == "internal"
        figures = []

        def add(label, kind, value, day=None):
            day = day or self.company_id._get_key_account_today()
            figures.append(
                {
                    "label": f"{label} ({format_date(self.env, day)})",
                    "kind": kind,
                    "value": value,
                    "previous": None,
                    "year_before": None,
                }
            )

        if internal:
            # As of the night in which they were added up, of the oldest where several.
            added_up = min(filter(None, accounts.mapped("figures_to")), default=None)
            for label, fname in (
                (self.env._("Revenue of 12 Months"), "revenue_12m"),
                (self.env._("Credit Exposure"), "credit_exposure"),
                (self.env._("Open Quotations"), "open_quotation_amount"),
            ):
                add(label, "money", sum(accounts.mapped(fname)), added_up)
        add(self.env._("Overdue"), "money", sum(row[-1] for row in overdue))
        for section in sections:
            for label, kind, value in section.get("figures", ()):
                add(label, kind, value)
        if self.account_id and internal and accounts.health_date:
            add(self.env._("Health"), "number", round(accounts.health_score))
        return figures

    def _collect_sections(self, accounts, overdue):
        """Return the sections in their order, those of other rooms among them.

        See ``key.account._report_sections()`` for what a section is.
        """
        sections = [self._products_section(accounts), self._overdue_section(overdue)]
        if accounts:
            sections += accounts._report_sections(self._get_period())
            if self.manager_id:
                sections.append(self._accounts_section(accounts))
        if self.edition != "internal":
            sections = [item for item in sections if not item.get("internal")]
        return sorted(sections, key=lambda section: section["sequence"])

    def _accounts_section(self, accounts):
        return {
            "key": "accounts",
            "sequence": 10,
            "title": self.env._("Accounts"),
            "internal": True,
            "head": True,
            "columns": [
                (self.env._("Key Account"), "text"),
                (self.env._("Tier"), "text"),
                (self.env._("Revenue of 12 Months"), "money"),
                (self.env._("Margin of 12 Months"), "money"),
                (self.env._("Growth (%)"), "decimal"),
                (self.env._("Health"), "number"),
                (self.env._("Overdue Invoices"), "money"),
            ],
            "rows": [
                (
                    account.partner_name,
                    account.tier_id.name,
                    account.revenue_12m,
                    account.margin_12m,
                    account.growth,
                    round(account.health_score),
                    account.overdue_amount,
                )
                for account in accounts.sorted("revenue_12m", reverse=True)
            ],
        }

    def _products_section(self, accounts):
        """Return the products with the highest revenue of the month."""
        first, last = self._get_period()
        # sudo: as _get_accounts().
        MoveLine = self.env["account.move.line"].sudo()
        groups = MoveLine._read_group(
            accounts._customer_domain(MoveLine, "move_id.", "move_id.partner_id")
            & Domain(
                [
                    ("move_id.move_type", "in", REVENUE_TYPES),
                    ("parent_state", "=", "posted"),
                    ("display_type", "=", "product"),
                    ("invoice_date", ">=", first),
                    ("invoice_date", "<=", last),
                ]
            ),
            ["product_id"],
            ["balance:sum"],
            order="balance:sum",
            limit=TOP_PRODUCTS,
        )
        revenue = self._labels()["revenue"]
        return {
            "key": "products",
            "sequence": 20,
            "title": self.env._("Products"),
            "columns": [
                (self.env._("Product"), "text"),
                (revenue, "money"),
            ],
            "rows": [
                (product.display_name or self.env._("Without product"), -balance)
                for product, balance in groups
            ],
        }

    def _collect_overdue(self, accounts):
        """Return what is past its due date by document, as in the accounts' figures.

        Payments and credit notes that aren't matched yet stand against it.

        :return: list of (number, customer, due date, amount)
        """
        # sudo: as _get_accounts().
        MoveLine = self.env["account.move.line"].sudo()
        groups = MoveLine._read_group(
            accounts._overdue_domain(self.company_id._get_key_account_today()),
            ["move_id"],
            ["amount_residual:sum", "date_maturity:min"],
        )
        rows = [
            (move.name, move.commercial_partner_id.name, due, amount)
            for move, amount, due in groups
            if not self.currency_id.is_zero(amount)
        ]
        return sorted(rows, key=lambda row: (row[2], row[0]))

    def _overdue_section(self, overdue):
        return {
            "key": "overdue",
            "sequence": 30,
            "title": self.env._("Overdue Invoices"),
            "columns": [
                (self.env._("Invoice"), "text"),
                # On paper the only account stands in the title.
                (self.env._("Key Account"), "text" if self.manager_id else "book"),
                (self.env._("Due"), "day"),
                (self.env._("Amount"), "money"),
            ],
            "rows": overdue,
        }
