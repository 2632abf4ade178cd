# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.service.model import retrying

BATCH = 100
#: Days ahead of the notice date in which the manager is told.
LEAD_DAYS = 30


class KeyAccountAgreement(models.Model):
    """What the calendar does to agreements, once a day."""

    _inherit = "key.account.agreement"

    @api.model
    def _cron_run(self):
        """Renew, remind and expire; killed anywhere, it goes on the next time.

        Each step leaves its own mark (state, end, the end that was reminded of), so
        nothing happens twice.
        """
        Cron = self.env["ir.cron"]
        today = fields.Date.context_today(self)
        agreements = self.search([("state", "=", "active")], order="id")
        Cron._commit_progress(remaining=len(agreements))
        for start in range(0, len(agreements), BATCH):
            batch = agreements[start : start + BATCH]
            retrying(lambda batch=batch: batch._take_a_day(today), self.env)
            if not Cron._commit_progress(len(batch)):
                return

    def _take_a_day(self, today):
        """Renew, remind of, expire and end what is due at a day."""
        self._renew(today)
        self._remind(today)
        self._expire(today)
        self.filtered(
            lambda a: a.termination_date and a.termination_date <= today
        ).write({"state": "terminated"})
        self.commitment_ids._refresh()
        self.commitment_ids._warn(today)

    def _renew(self, today):
        """Prolong agreements that renew themselves when their last day has come."""
        for agreement in self.filtered(
            lambda a: a.renewal == "automatic"
            and a.date_end
            and a.date_end <= today
            and not a.termination_date
            and not a.next_ids.filtered(lambda n: n.state == "active")
        ):
            end = agreement.date_end
            while end <= today:
                end += relativedelta(months=agreement.renewal_months)
            terms = {
                **(agreement.key_account_approved_terms or {}),
                "end": [self.env._("End"), fields.Date.to_string(end), "higher"],
            }
            # The renewal was approved with the agreement: so is the new end.
            agreement.write({"key_account_approved_terms": terms})
            agreement.write({"date_end": end})
            agreement.message_post(
                body=self.env._("Renewed automatically until %s.", end)
            )

    def _remind(self, today):
        """Tell the manager ahead of the notice date, once for each end."""
        for agreement in self.filtered(
            lambda a: a.notice_date
            and a.notice_date - relativedelta(days=LEAD_DAYS) <= today
            and a.noticed_for != a.date_end
            and not a.termination_date
        ):
            agreement.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=max(agreement.notice_date, today),
                summary=self.env._("Notice date of %s", agreement.display_name),
                note=self.env._(
                    "The agreement ends on %(end)s. Talk about the renewal, or give "
                    "notice by %(notice)s.",
                    end=agreement.date_end,
                    notice=agreement.notice_date,
                ),
                user_id=agreement.account_id.acting_manager_id.id
                or agreement.manager_id.id,
            )
            agreement.noticed_for = agreement.date_end
