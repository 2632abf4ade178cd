# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date, formatLang

from odoo.addons.key_account_management.models.agreement.key_account_agreement_lifecycle import (  # noqa: E501
    IN_FORCE,
)
from odoo.addons.key_account_management.models.tools.batches import in_batches
from odoo.addons.key_account_management.models.tools.records import open_records

from .key_account_rebate_settlement import UNDER_WAY

#: A settled period is looked at again for so long: credit notes come late.
LOOK_BACK = relativedelta(months=24)
BATCH = 50


class KeyAccountRebate(models.Model):
    """When a bonus is settled, and for which periods."""

    _inherit = "key.account.rebate"

    def _lock_for_settlement(self):
        """Let other transactions that settle these bonuses wait, then look again.

        The rows are written, not only locked: a transaction that began before us is
        refused by the database, and Odoo runs it again.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE key_account_rebate SET write_uid = write_uid "
                "WHERE id = ANY(%s)",
                sorted(self.ids),
            )
        )

    def _get_next_number(self, first):
        """Return the number of the next settlement of a period."""
        self.ensure_one()
        # sudo: every settlement counts.
        last = (
            self.env["key.account.rebate.settlement"]
            .sudo()
            .search(
                [("rebate_id", "=", self.id), ("date_from", "=", first)],
                order="number desc",
                limit=1,
            )
        )
        return last.number + 1

    def action_settle(self):
        """Settle the periods that are over, and correct those settled before.

        :return: action with the settlements
        :raise UserError: where nothing is due, or a settlement is under way
        """
        self.check_access("write")
        return self._show_settlements(self._settle(only_ended=True))

    def action_settle_early(self):
        """Settle what is earned by today: the present period in part, too.

        :return: action with the settlements
        :raise UserError: where nothing is due, or a settlement is under way
        """
        self.check_access("write")
        return self._show_settlements(self._settle())

    def _show_settlements(self, settlements):
        if not settlements:
            raise UserError(
                self.env._(
                    "There is nothing to settle: all that is earned in periods that "
                    "are over is settled."
                )
            )
        return settlements.sudo(False)._get_records_action(
            name=self.env._("Settlements")
        )

    def _settle(self, only_ended=False):
        """Settle what lies between earned and settled; callers check access.

        :param bool only_ended: leave the present period for later
        :return: settlements (sudo)
        """
        Settlement = self.env["key.account.rebate.settlement"]
        settlements = Settlement.sudo()
        for company, rebates in self.grouped("company_id").items():
            day = company._get_key_account_today()
            rebates._check_in_force()
            rebates._check_none_under_way(day)
            # sudo: the same basis for every user who settles.
            versions = rebates.sudo()._with_versions()
            claims = versions._get_open_claims(day, only_ended)
            worths = versions._measure(claims, day, detail=True)
            settlements |= Settlement._start(worths, day)
        return settlements

    def _check_in_force(self):
        for rebate in self:
            if rebate.state not in IN_FORCE:
                raise UserError(
                    self.env._("“%s” isn't in force: nothing is earned.", rebate.name)
                )

    def _check_none_under_way(self, day):
        """Refuse to settle while a settlement waits for a decision or to be posted."""
        # sudo: those of other users, too.
        waiting = (
            self.env["key.account.rebate.settlement"]
            .sudo()
            .search(
                [
                    ("rebate_id", "in", self._with_versions().ids),
                    ("state", "in", UNDER_WAY),
                ],
                limit=1,
            )
        )
        if waiting:
            raise UserError(
                self.env._(
                    "%(name)s is under way (as of %(day)s). Post or cancel it first.",
                    name=waiting.display_name,
                    day=format_date(self.env, waiting.day),
                )
            )

    def _with_versions(self):
        """Return bonuses with the versions before them."""
        return self.browse().union(*(rebate._get_versions() for rebate in self))

    def _get_open_claims(self, day, only_ended=False):
        """Return the periods in which a difference is possible.

        All that aren't finally settled, and those that were in the last two years.

        :return: list of (rebate, period)
        """
        # sudo: every settlement counts.
        done = {
            (settlement.rebate_id.id, settlement.date_from)
            for settlement in self.env["key.account.rebate.settlement"]
            .sudo()
            .search(
                [
                    ("rebate_id", "in", self.ids),
                    ("state", "=", "settled"),
                    ("is_final", "=", True),
                    ("date_to", "<", day - LOOK_BACK),
                ]
            )
        }
        return [
            (rebate, period)
            for rebate in self
            for period in rebate._get_periods(rebate.date_start, day)
            if (rebate.id, period[0]) not in done
            and not (only_ended and period[1] >= day)
        ]

    def _is_due(self, period, day):
        """Tell whether a period is over, its days to settle included."""
        self.ensure_one()
        return day > period[1] + relativedelta(days=self.settle_days)

    @api.model
    def _cron_run(self):
        """Take a day: figures, what ended, and what is due; in batches."""
        result = super()._cron_run()
        rebates = self.search([("state", "in", IN_FORCE)], order="id")
        in_batches(rebates, BATCH, lambda batch: batch._refresh(), step="figures")
        due = rebates.filtered("due_amount")
        in_batches(due, BATCH, lambda batch: batch._remind_of_due(), step="due")
        return result

    def _remind_of_due(self):
        """Tell the account manager that a settlement is due, once for each amount."""
        for rebate in self:
            if rebate.due_for == rebate.due_amount:
                continue
            rebate._tell_manager(
                self.env._("Settle the bonus “%s”", rebate.name),
                self.env._(
                    "%s are due for periods that are over.",
                    formatLang(
                        self.env, rebate.due_amount, currency_obj=rebate.currency_id
                    ),
                ),
                rebate.company_id._get_key_account_today(),
            )
            # sudo: the server's own mark.
            rebate.sudo().due_for = rebate.due_amount

    def action_view_account(self):
        """Open the key account."""
        self.ensure_one()
        return self.account_id._get_records_action()

    def action_view_settlements(self):
        """Open the settlements of a bonus and of the versions before it."""
        self.ensure_one()
        return open_records(
            self.env,
            "key_account_management_bonus.key_account_rebate_settlement_action",
            [("rebate_id", "in", self._get_versions().ids)],
        )

    def action_statement(self):
        """Open the statement of the present period."""
        self.ensure_one()
        today = self.company_id._get_key_account_today()
        return self._open_statement(today, today)

    def _open_statement(self, period_day, day):
        """Open the statement of the period that a day is in.

        :param day: invoices up to this day
        """
        self.check_access("read")
        wizard = self.env["key.account.rebate.statement.wizard"].create(
            {"rebate_id": self.id, "period_day": period_day, "day": day}
        )
        return wizard._get_records_action(
            name=self.env._("Statement of %s", self.display_name), target="new"
        )

    def action_simulate(self):
        """Open the what-if: last year's invoices through these steps."""
        self.ensure_one()
        self.check_access("read")
        today = self.company_id._get_key_account_today()
        last = today.replace(day=1) - relativedelta(days=1)
        wizard = self.env["key.account.rebate.simulation"].create(
            {
                "rebate_id": self.id,
                "date_from": last + relativedelta(days=1, years=-1),
                "date_to": last,
            }
        )
        return wizard._get_records_action(name=self.env._("What If"), target="new")

    def action_view_disputes(self):
        """Open what the customer objected to."""
        self.ensure_one()
        self.check_access("read")
        return open_records(
            self.env,
            "key_account_management_bonus.key_account_rebate_dispute_action",
            [("rebate_id", "=", self.id)],
        )
