# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class MailActivity(models.Model):
    """An activity that is done keeps the promise that it stands for."""

    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        # sudo: the user who does the activity has kept the promise.
        Promise = self.env["key.account.promise"].sudo()
        ours = self.filtered(lambda activity: activity.res_model == "key.account")
        promises = (
            Promise.search([("activity_id", "in", ours.ids)]) if ours else Promise
        )
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        for promise in promises.filtered(lambda each: not each.date_done):
            promise.date_done = promise.company_id._get_key_account_today()
        return result
