# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.key_account_management.models.agreement.key_account_agreement_lifecycle import (  # noqa: E501
    IN_FORCE,
)

from .rebate_periods import LAST_DAY


class KeyAccountRebateLifecycle(models.AbstractModel):
    """From draft to its end: a bonus goes the way of an agreement, or with one."""

    _name = "key.account.rebate.lifecycle"
    _description = "Life of a Bonus Agreement"
    _inherit = ["key.account.agreement.lifecycle"]

    previous_id = fields.Many2one(
        "key.account.rebate",
        string="Amends",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    next_ids = fields.One2many("key.account.rebate", "previous_id", string="Amended by")

    @api.depends(
        "date_end",
        "termination_date",
        "next_ids.date_start",
        "next_ids.state",
        "agreement_id.effective_end",
    )
    def _compute_effective_end(self):
        result = super()._compute_effective_end()
        for rebate in self:
            # sudo: the agreement ends for every user who sees the bonus.
            ends = [rebate.effective_end, rebate.agreement_id.sudo().effective_end]
            rebate.effective_end = min(filter(None, ends), default=False)
        return result

    @api.model_create_multi
    def create(self, vals_list):
        rebates = super().create(vals_list)
        rebates._begin_approval()
        if not self.env.su:
            rebates.agreement_id._check_agreed_unchanged({"rebate_ids": rebates.ids})
        return rebates

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        if any(rebate.state in IN_FORCE for rebate in self):
            raise UserError(
                self.env._("A bonus that was in force is kept. Terminate it instead.")
            )

    def _write_approval(self, approval, **values):
        """End what is over by now, the version before a new one among it."""
        result = super()._write_approval(approval, **values)
        if approval == "approved":
            for rebate in self:
                # sudo: no user writes the state, it follows the calendar.
                (rebate | rebate.previous_id).sudo()._expire(
                    rebate.company_id._get_key_account_today()
                )
        return result

    def _check_alone(self):
        """Refuse to decide on what is decided with an agreement."""
        for rebate in self.filtered("agreement_id"):
            raise UserError(
                self.env._(
                    "“%(rebate)s” is part of %(agreement)s and is approved with it.",
                    rebate=rebate.name,
                    agreement=rebate.agreement_id.display_name,
                )
            )

    def action_submit_approval(self):
        """Ask for the approval of bonuses that stand alone."""
        self.check_access("write")
        self._check_alone()
        self._check_ready()
        super().action_submit_approval()
        return True

    def action_approve_terms(self):
        """Approve bonuses that stand alone."""
        self.check_access("write")
        self._check_alone()
        self._check_ready()
        super().action_approve_terms()
        return True

    def action_reject_terms(self, reason=False):
        """Reject bonuses that stand alone."""
        self.check_access("write")
        self._check_alone()
        return super().action_reject_terms(reason)

    def action_withdraw_approval(self):
        """Take the request back; that of a bonus in an agreement with the agreement."""
        self.check_access("write")
        self._check_alone()
        return super().action_withdraw_approval()

    def action_amend(self):
        """Open the next version, from the next period on; the old one is kept.

        :raise UserError: where the bonus isn't in force, or is part of an agreement
        """
        self.ensure_one()
        self.check_access("write")
        self._check_alone()
        if self.state != "active":
            raise UserError(self.env._("Only a bonus in force can be amended."))
        self._check_not_amended()
        return self._copy_as_next().sudo(False)._get_records_action()

    def _copy_as_next(self, **values):
        """Return the next version of a bonus, a draft (sudo)."""
        self.ensure_one()
        today = self.company_id._get_key_account_today()
        period = self._get_period(today)
        start = period[1] + relativedelta(days=1) if period else today
        # A term that ends with the period has no next one: the day after today, then.
        if self.effective_end and start > self.effective_end:
            start = max(today, self.date_start + relativedelta(days=1))
        # sudo: version and origin are the server's; callers have checked access.
        return self.sudo().copy(
            {
                "name": self.name,
                "version": self.version + 1,
                "previous_id": self.id,
                "date_start": start,
                **values,
            }
        )

    def action_terminate(self, reason=False, date=None):
        """End a bonus that stands alone before its time.

        :param str reason: why, for the chatter
        :param date: last day on which invoices count, today without it
        """
        self.check_access("write")
        self._check_alone()
        return super().action_terminate(reason, date)

    def _get_follower(self):
        return self.browse()

    def _get_versions(self):
        """Return a bonus with the versions before it, the latest first."""
        self.ensure_one()
        versions, previous = self, self.previous_id
        while previous and previous not in versions:
            versions += previous
            previous = previous.previous_id
        return versions

    def _find_meeting(self):
        """Return the other bonuses that can match the same lines (sudo).

        Bonuses of the account, of its group parents and of its subsidiaries, for the
        same days, that are in force or wait for a decision.
        """
        self.ensure_one()
        # sudo: what a line earns doesn't depend on whose account a colleague can see.
        rebate = self.sudo()
        account = rebate.account_id.id
        end = rebate.effective_end or LAST_DAY
        return rebate.search(
            Domain("id", "!=", rebate.id)
            & Domain("id", "not in", rebate.next_ids.ids + rebate.previous_id.ids)
            & (
                Domain("account_id", "parent_of", account)
                | Domain("account_id", "child_of", account)
            )
            & Domain("state", "in", (*IN_FORCE, "to_approve"))
            & Domain("date_start", "<=", end)
            & Domain(
                [
                    "|",
                    ("effective_end", "=", False),
                    ("effective_end", ">=", rebate.date_start),
                ]
            )
        ).filtered(lambda other: rebate._meets(other))

    def _meets(self, other):
        """Tell whether two bonuses can count the invoices of one customer."""
        upper, lower = self, other
        if upper.account_id == lower.account_id:
            return True
        if starts_below(upper.account_id, lower.account_id):
            upper, lower = lower, upper
        return upper.volume == "group" and starts_below(
            lower.account_id, upper.account_id
        )


def starts_below(account, top):
    """Tell whether an account lies below another one in the group tree."""
    return bool(
        account != top
        and (account.parent_path or "").startswith(top.parent_path or "/")
    )
