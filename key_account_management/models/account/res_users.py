# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.fields import Domain


class ResUsers(models.Model):
    """Absences: the deputy is in charge of the accounts of a manager who is away."""

    _inherit = "res.users"

    key_account_absence_start = fields.Date(
        string="Absent From",
        copy=False,
        help="From this day the deputies are in charge of this user's key accounts.",
    )
    key_account_absence_end = fields.Date(
        string="Absent Until",
        copy=False,
        help="Last day of the absence. Empty: until further notice.",
    )

    _key_account_absence_order = models.Constraint(
        "CHECK (key_account_absence_end IS NULL OR key_account_absence_start "
        "IS NOT NULL AND key_account_absence_end >= key_account_absence_start)",
        "An absence needs a first day, and can't end before it begins.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, *self._key_account_absence_fields()]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, *self._key_account_absence_fields()]

    @api.model
    def _key_account_absence_fields(self):
        return ["key_account_absence_start", "key_account_absence_end"]

    @api.model
    def _key_account_absent_domain(self, day):
        """Return the domain of the users who are absent on a day.

        A hook: glue to an app that knows absences adds those.

        :param date day: the company's day
        """
        return Domain(
            [
                ("key_account_absence_start", "<=", day),
                "|",
                ("key_account_absence_end", "=", False),
                ("key_account_absence_end", ">=", day),
            ]
        )

    def _filter_key_account_absent(self, day):
        """Return those of these users who are absent on a day."""
        return self.filtered_domain(self._key_account_absent_domain(day))

    def _filter_key_account_present(self, company):
        present = super()._filter_key_account_present(company)
        today = company._get_key_account_today()
        # sudo: whether a colleague is away is no secret.
        absent = present.sudo()._filter_key_account_absent(today)
        return present - absent.sudo(self.env.su)
