# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools.groups import ALL_ACCOUNTS


class KeyAccountDaySkip(models.Model):
    """A matter of the day that was put off or left, and why."""

    _name = "key.account.day.skip"
    _description = "Skipped Matter"
    _order = "id desc"
    _rec_name = "matter"

    account_id = fields.Many2one(
        "key.account", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    user_id = fields.Many2one(
        "res.users", string="Skipped by", required=True, readonly=True, index=True
    )
    kind = fields.Char(required=True, readonly=True)
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True
    )
    matter = fields.Char(required=True, readonly=True, help="As it read at that time.")
    deadline = fields.Date(
        readonly=True, help="A matter that gets another deadline is there again."
    )
    until = fields.Date(
        string="Snoozed Until", readonly=True, help="Empty: skipped for good."
    )
    reason = fields.Char(required=True, readonly=True)

    _matter_idx = models.Index("(kind, res_model, res_id)")

    def _hides(self, signal, today):
        """Tell whether this one keeps a matter off the page."""
        self.ensure_one()
        if self.until:
            return today < self.until
        return self.deadline == (signal.deadline or False)

    def action_undo(self):
        """Put the matters back on the page.

        :return: True, as XML-RPC can't return nothing
        :raise AccessError: for those of colleagues, unless one sees all accounts
        """
        self.check_access("read")
        for skip in self:
            if skip.user_id != self.env.user and not self.env.user.has_group(
                ALL_ACCOUNTS
            ):
                raise AccessError(
                    self.env._("Only %s can take this back.", skip.user_id.name)
                )
        # sudo: users have no right to delete; whose it is was checked above.
        self.sudo().unlink()
        return True

    def action_open_record(self):
        """Open what the matter is about."""
        self.ensure_one()
        self.check_access("read")
        return self.env[self.res_model].browse(self.res_id)._get_records_action()

    @api.model
    def _find(self, signals):
        """Return the latest skip of each matter.

        :return: dict of (kind, model, id) -> record
        """
        # sudo: a deputy sees what the manager put off, and the other way round.
        skips = self.sudo().search(
            [
                ("kind", "in", list({signal.kind for signal in signals})),
                ("res_id", "in", list({signal.record.id for signal in signals})),
            ],
            order="id",
        )
        return {(skip.kind, skip.res_model, skip.res_id): skip for skip in skips}
