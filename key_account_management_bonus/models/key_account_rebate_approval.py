# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import formatLang

from odoo.addons.key_account_management.models.tools.groups import (
    ALL_ACCOUNTS,
    DIRECTOR,
    USER,
)

from .key_account_rebate import AGREED


class KeyAccountRebate(models.Model):
    """What is agreed in a bonus: as text, as frozen terms, and who decides on it."""

    _inherit = "key.account.rebate"

    def _format_bound(self, value):
        """Return a bound, or a basis, as the user reads it."""
        self.ensure_one()
        if self.is_growth:
            return self.env._("%s %% growth", formatLang(self.env, value))
        return self._format_basis(value)

    def _format_basis(self, value):
        """Return revenue or quantity as the user reads it."""
        self.ensure_one()
        if self.basis == "revenue":
            return formatLang(self.env, value, currency_obj=self.currency_id)
        return f"{formatLang(self.env, value)} {self.uom_id.name}"

    def _format_value(self, value):
        """Return the rate of a step as the user reads it."""
        self.ensure_one()
        if self.reward == "percent":
            decimals = len(f"{value:.4f}".rstrip("0").partition(".")[2])
            return self.env._("%s %%", formatLang(self.env, value, digits=decimals))
        amount = formatLang(self.env, value, currency_obj=self.currency_id)
        if self.reward == "unit":
            return f"{amount} / {self.uom_id.name}"
        return amount

    def _approval_terms(self):
        """Return everything that is agreed: all of it is frozen by the approval."""
        terms = {}
        for name in sorted(AGREED - {"step_ids"}):
            field = self._fields[name]
            value = field.convert_to_write(self[name], self)
            shown = field.convert_to_export(self[name], self)
            if not isinstance(value, int | float | str):
                value = str(value)
            terms[name] = [field._description_string(self.env), value, "any", shown]
        for step in self.step_ids:
            terms[f"step_{step.bound}"] = [
                step.display_name,
                step.value,
                "higher",
            ]
        return terms

    def _get_agreed_text(self):
        """Return what is agreed as text, the same in every language."""
        self.ensure_one()
        names = sorted(AGREED - {"step_ids", "date_end", "agreement_id"})
        values = [
            str(self._fields[name].convert_to_write(self[name], self)) for name in names
        ]
        values += [f"{step.bound} {step.value}" for step in self.step_ids]
        return "\n".join(values)

    def _decision_groups(self):
        """Return who decides: by the highest rate, or by the highest amount."""
        company = self.company_id or self.env.company
        highest = max(self.step_ids.mapped("value"), default=0.0)
        if self.reward == "fixed":
            total = sum(self.step_ids.mapped("value"))
            amount = highest if self.mode == "retroactive" else total
            return company._key_account_money_groups(amount)
        if self.reward == "unit":
            cap = self.maximum_amount
            return company._key_account_money_groups(cap) if cap else [DIRECTOR]
        groups = [DIRECTOR]
        if highest <= company.key_account_discount_limit_all:
            groups.append(ALL_ACCOUNTS)
        if highest <= company.key_account_discount_limit_user:
            groups.append(USER)
        return groups

    def _check_ready(self):
        """Refuse to submit a bonus that can't pay anything, or whose rules clash."""
        for rebate in self:
            if not rebate.step_ids:
                raise UserError(self.env._("Enter the steps of “%s”.", rebate.name))
        self._check_same_stacking()

    def _check_same_stacking(self):
        """Refuse bonuses that meet on the same lines with different rules."""
        for rebate in self:
            rivals = rebate._find_meeting().filtered(
                lambda other, rule=rebate.stacking: other.stacking != rule
            )
            if rivals:
                raise ValidationError(
                    self.env._(
                        "“%(rebate)s” and “%(other)s” can match the same invoice "
                        "lines. Choose the same rule “With Other Bonuses” for both.",
                        rebate=rebate.name,
                        other=rivals[0].sudo().name,
                    )
                )
