# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.fields import Domain

from ..account.key_account_day import Signal


class KeyAccountDay(models.AbstractModel):
    """Decisions that wait for the user, of whatever account."""

    _inherit = "key.account.day"

    @api.model
    def _day_kinds(self):
        return {
            **super()._day_kinds(),
            "approval": ("owe", self.env._("Waiting for My Decision")),
        }

    @api.model
    def _approval_signals(self, user):
        """Return the requests for a decision that a user was asked for."""
        # Each model that waits for decisions names the activity by which it asks.
        names = {
            getattr(model, "_decision_activity", None)
            for model in self.env.registry.models.values()
        }
        types = [self.env.ref(name).id for name in names if name]
        activities = self.env["mail.activity"].search(
            Domain("user_id", "=", user.id)
            & Domain("activity_type_id", "in", types)
            & Domain("res_model", "!=", False)
        )
        signals = []
        for model, of_model in activities.grouped("res_model").items():
            records = self.env[model].browse(of_model.mapped("res_id"))
            readable = {
                record.id: record for record in records._filtered_access("read")
            }
            for activity in of_model:
                record = readable.get(activity.res_id)
                if record:
                    signals.append(self._approval_signal(activity, record))
        return signals

    @api.model
    def _approval_signal(self, activity, record):
        account = self.env["key.account"]
        if record._name == "key.account":
            account = record
        else:
            for name in ("account_id", "key_account_id"):
                if name in record._fields:
                    account = record[name]
        return Signal(
            "approval",
            account,
            record,
            activity.summary
            or self.env._(
                "%(what)s: %(name)s",
                what=activity.activity_type_id.name,
                name=record.display_name,
            ),
            self.env._("Asked by %s.", activity.create_uid.name),
            account.revenue_12m if account else 0.0,
            activity.date_deadline,
            self._decision_step(record),
        )
