# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

#: So many accounts and categories are one page of the matrix.
ROWS, COLUMNS = 40, 24


class KeyAccountWhiteSpacePage(models.AbstractModel):
    """The heat map: accounts by categories, as plain values."""

    _name = "key.account.white.space.page"
    _description = "Matrix of White Space"

    @api.model
    def get_matrix(self, account_id=None, parent_id=None, mine=False, offset=0):
        """Return a page of the matrix, accounts with most potential first.

        :param account_id: of an account whose subsidiaries are shown as well, all
            accounts without it
        :param parent_id: of a product.category whose subcategories are the columns,
            those at the top without it
        :param bool mine: only accounts that the user is in charge of today
        :param int offset: number of accounts before this page
        :return: dict of plain values for the page
        """
        domain = self._get_accounts_domain(account_id, mine)
        columns = self._get_columns(parent_id, domain)
        accounts, total = self._get_rows(domain, columns, offset)
        cells = self.env["key.account.white.space"].search(
            [("account_id", "in", accounts.ids), ("category_id", "in", columns.ids)]
        )
        companies = accounts.company_id or self.env.company
        # sudo: only as of which day the figures are that the user reads.
        dates = companies.sudo().mapped("key_account_white_space_date")
        return {
            "columns": [self._get_column(category) for category in columns],
            "path": self._get_path(parent_id),
            "rows": self._group_cells(accounts, columns, cells),
            "total": total,
            "limit": ROWS,
            "highest": max(cells.mapped("potential"), default=0),
            "date": format_date(self.env, min(filter(None, dates), default=None))
            if any(dates)
            else "",
        }

    @api.model
    def _get_accounts_domain(self, account_id, mine):
        domain = Domain("state", "!=", "ended")
        if account_id:
            domain &= Domain("id", "child_of", account_id)
        if mine:
            domain &= Domain("acting_manager_id", "in", [self.env.uid])
        return domain

    @api.model
    def _get_columns(self, parent_id, domain):
        """Return the categories with most potential, in the order of their names."""
        groups = self.env["key.account.white.space"]._read_group(
            Domain("account_id", "any", domain)
            & Domain("category_id.parent_id", "=", parent_id or False),
            ["category_id"],
            ["potential:sum", "revenue:sum"],
        )
        groups.sort(key=lambda group: (group[1], group[2]), reverse=True)
        Category = self.env["product.category"]
        chosen = Category.union(*(group[0] for group in groups[:COLUMNS]))
        return chosen.sorted("name")

    @api.model
    def _get_rows(self, domain, columns, offset):
        """Return the accounts of a page, and how many there are."""
        groups = self.env["key.account.white.space"]._read_group(
            Domain("account_id", "any", domain)
            & Domain("category_id", "in", columns.ids),
            ["account_id"],
            ["potential:sum", "revenue:sum"],
            order="potential:sum desc, revenue:sum desc, account_id",
        )
        accounts = self.env["key.account"].union(*(group[0] for group in groups))
        return accounts[offset : offset + ROWS], len(accounts)

    @api.model
    def _get_column(self, category):
        return {
            "id": category.id,
            "name": category.name,
            "opens": bool(category.child_id),
        }

    @api.model
    def _get_path(self, parent_id):
        """Return the category whose subcategories are shown, and those above it."""
        if not parent_id:
            return []
        line = self.env["product.category"].browse(parent_id)._get_key_account_line()
        categories = self.env["product.category"].browse(reversed(line))
        return [{"id": each.id, "name": each.name} for each in categories]

    @api.model
    def _group_cells(self, accounts, columns, cells):
        by_key = {(cell.account_id, cell.category_id): cell for cell in cells}
        bases = dict(cells._fields["basis"]._description_selection(self.env))
        sees_leads = self.env["crm.lead"].has_access("read")
        return [
            {
                "id": account.id,
                "name": account.display_name,
                "cells": [
                    self._get_cell(by_key.get((account, category)), bases, sees_leads)
                    for category in columns
                ],
            }
            for account in accounts
        ]

    @api.model
    def _get_cell(self, cell, bases, sees_leads):
        """Return a cell as the page shows it; None where nothing is known."""
        if not cell:
            return None

        def money(amount):
            return formatLang(
                self.env, amount, currency_obj=cell.currency_id, rounding_unit="units"
            )

        return {
            "id": cell.id,
            "potential": cell.potential,
            "potential_text": money(cell.potential),
            "revenue": money(cell.revenue),
            "bought": cell.revenue > 0,
            "trend": formatLang(self.env, cell.trend, digits=0)
            if cell.revenue_before > 0
            else "",
            "median": formatLang(self.env, cell.median_share, digits=1),
            "basis": bases[cell.basis],
            "is_compared": cell.basis != "none",
            "comparable_count": cell.comparable_count,
            "opportunities": cell.opportunity_count if sees_leads else 0,
            "opportunity_amount": money(cell.opportunity_amount) if sees_leads else "",
            "competitor": cell.competitor_id.name or "",
            "competitor_share": formatLang(self.env, cell.competitor_share, digits=0)
            if cell.competitor_share
            else "",
        }

    @api.model
    def refresh(self):
        """Take the figures of the user's companies again, from today's invoices."""
        self.env["key.account"].check_access("read")
        # sudo: figures of all accounts are compared; the user sees those of their own.
        self.env["key.account.white.space"].sudo()._refresh(self.env.companies)
        return True
