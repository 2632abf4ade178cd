# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json
import logging

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.key_account_management.models.agreement.key_account_agreement_lifecycle import (  # noqa: E501
    IN_FORCE,
)

from .rebate_rules import ZERO, exact

_logger = logging.getLogger(__name__)


class KeyAccountRebateAccrual(models.Model):
    """What was booked as owed at the end of a month, and taken back a day later.

    A month's entry has all that is owed by then, so a month that is locked loses
    nothing: the next one has it. Made again, it books the difference.
    """

    _name = "key.account.rebate.accrual"
    _description = "Accrual of a Bonus"
    _inherit = ["key.account.server.written"]
    _order = "month desc, rebate_id, number desc"
    _rec_name = "rebate_id"

    rebate_id = fields.Many2one(
        "key.account.rebate",
        string="Bonus",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    account_id = fields.Many2one(related="rebate_id.account_id", store=True)
    company_id = fields.Many2one(related="rebate_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(string="Month End", required=True, readonly=True)
    number = fields.Integer(required=True, readonly=True)
    amount = fields.Monetary(
        readonly=True, help="Owed more than was booked for the month before."
    )
    cells = fields.Json(readonly=True, help="The amount by analytic distribution.")
    move_id = fields.Many2one(
        "account.move", string="Entry", readonly=True, ondelete="restrict"
    )
    reversal_move_id = fields.Many2one(
        "account.move", string="Reversal", readonly=True, ondelete="restrict"
    )
    # Not stored: each entry that anybody posts would look for accruals.
    state = fields.Selection(related="move_id.state", string="Entry Status")

    _number_uniq = models.Constraint(
        "unique (rebate_id, month, number)",
        "This month is being accrued by somebody else. Try again.",
    )

    @api.model
    def _accrue(self, company, month):
        """Book what is owed on the last day of a month, as far as it isn't booked.

        One entry and its reversal on the day after, for all bonuses of the company.

        :param company: the ``res.company``
        :param month: last day of the month
        :return: accruals, empty where everything is booked
        :raise UserError: where accounts are missing, or the month is locked
        """
        journal = company._check_rebate_accrual_setup(month)
        # sudo: bookings follow the documents, not the user.
        rebates = (
            self.env["key.account.rebate"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("is_accrued", "=", True),
                    ("state", "in", IN_FORCE),
                    ("date_start", "<=", month),
                ],
                order="id",
            )
        )
        rebates._lock_for_settlement()
        owed = self._get_owed(rebates, month)
        booked, numbers = self._get_booked(rebates, month)
        values = []
        for rebate in rebates:
            cells = _difference(owed.get(rebate, {}), booked.get(rebate.id, {}))
            if cells:
                values.append(
                    {
                        "rebate_id": rebate.id,
                        "month": month,
                        "number": numbers.get(rebate.id, 0) + 1,
                        "amount": float(sum(cells.values())),
                        "cells": {key: str(float(cells[key])) for key in cells},
                    }
                )
        accruals = self.sudo().create(values)
        if accruals:
            accruals._book(journal)
        return accruals

    @api.model
    def _get_owed(self, rebates, month):
        """Return what is owed by rebate and analytic distribution on a day.

        :return: dict of rebate -> dict of JSON text -> fraction
        """
        worths = rebates._measure(rebates._get_open_claims(month), month)
        settled = rebates._get_settled(rebates, month)
        owed = {}
        for worth in worths:
            rebate = worth.rebate
            accrued = worth.accrued(rebate._get_forecast(worth, month))
            amount = accrued - worth.settled(settled)
            place = owed.setdefault(rebate, {})
            if not amount:
                continue
            for bucket, part in worth.cells(amount).items():
                place[bucket.analytic] = place.get(bucket.analytic, ZERO) + part
        return owed

    @api.model
    def _get_booked(self, rebates, month):
        """Return what is booked for a month, and the last numbers, by rebate id."""
        booked, numbers = {}, {}
        for accrual in self.sudo().search(
            [("rebate_id", "in", rebates.ids), ("month", "=", month)]
        ):
            key = accrual.rebate_id.id
            numbers[key] = max(numbers.get(key, 0), accrual.number)
            if accrual.state == "posted":
                cells = booked.setdefault(key, {})
                for analytic, amount in (accrual.cells or {}).items():
                    cells[analytic] = cells.get(analytic, ZERO) + exact(float(amount))
        return booked, numbers

    def _book(self, journal):
        """Post the entry of these accruals, and its reversal on the day after."""
        company, month = self.company_id, self[0].month
        label = self.env._(
            "Bonus accrual %s", format_date(self.env, month, date_format="MMMM yyyy")
        )
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "company_id": company.id,
                "date": month,
                "ref": label,
                "line_ids": [
                    Command.create(values)
                    for accrual in self
                    for values in accrual._prepare_lines(label)
                ],
            }
        )
        move._post(soft=False)
        reversal = move._reverse_moves(
            [
                {
                    "date": month + relativedelta(days=1),
                    "ref": self.env._("Reversal of: %s", label),
                }
            ]
        )
        reversal._post(soft=False)
        self.write({"move_id": move.id, "reversal_move_id": reversal.id})

    def _prepare_lines(self, label):
        """Return the lines of an accrual: revenue less by distribution, and owed."""
        self.ensure_one()
        company = self.company_id
        base = {
            "name": f"{label}: {self.rebate_id.name}",
            "partner_id": self.account_id.partner_id.id,
        }
        lines = [
            {
                **base,
                "account_id": company.key_account_rebate_account_id.id,
                "balance": float(amount),
                "analytic_distribution": json.loads(analytic) if analytic else False,
            }
            for analytic, amount in self.cells.items()
        ]
        owed = {
            **base,
            "account_id": company.key_account_rebate_accrual_account_id.id,
            "balance": -self.amount,
        }
        return [*lines, owed]

    @api.model
    def _cron_accrue(self):
        """Accrue the month that has ended, in each company that is set up for it."""
        companies = self.env["res.company"].search(
            [("key_account_rebate_accrual_account_id", "!=", False)], order="id"
        )
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            today = company._get_key_account_today()
            month = today.replace(day=1) - relativedelta(days=1)
            try:
                self.with_company(company)._accrue(company, month)
            except UserError as error:
                # Locked, or not set up in full: the next month has all of it.
                self.env.cr.rollback()
                _logger.info("No bonus accrual in %s: %s", company.name, error)
            if not self.env["ir.cron"]._commit_progress(1):
                return

    def action_view_move(self):
        """Open the entry."""
        self.ensure_one()
        return self.move_id._get_records_action()


def _difference(owed, booked):
    """Return what is owed more than is booked, by key, without zeros."""
    found = {
        key: owed.get(key, ZERO) - booked.get(key, ZERO)
        for key in sorted({*owed, *booked})
    }
    return {key: amount for key, amount in found.items() if amount}
