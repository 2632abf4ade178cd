# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import exception_to_unicode

from .groups import DIRECTOR


class KeyAccountFailure(models.Model):
    """A record on which nightly work failed, until it succeeds again.

    The other records go on; this is the one place where a person sees the rest.
    """

    _name = "key.account.failure"
    _description = "Failure of Nightly Work"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "key.account.server.written",
    ]
    _order = "date desc, id desc"
    _mail_post_access = "read"

    name = fields.Char(string="Record", required=True, readonly=True)
    model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="model", required=True, readonly=True
    )
    model_name = fields.Char(string="Kind", compute="_compute_model_name")
    cron_id = fields.Many2one(
        "ir.cron", string="Work", readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    reason = fields.Text(required=True, readonly=True)
    date = fields.Datetime(string="Last Failed on", required=True, readonly=True)
    step = fields.Char(readonly=True)
    count = fields.Integer(string="Nights in a Row", default=1, readonly=True)

    _record_uniq = models.UniqueIndex(
        "(COALESCE(cron_id, 0), COALESCE(step, ''), model, res_id)",
        "There is one failure for each record and work.",
    )

    def _compute_model_name(self):
        for failure in self:
            model = self.env.get(failure.model)
            failure.model_name = model._description if model is not None else ""

    @api.model
    def _keep(self, records, errors, step=""):
        """Keep what failed, tell a director of what is new, and forget what is mended.

        :param records: the records that were worked on
        :param dict errors: id -> exception, of those that failed
        :param str step: of the work, see ``batches.in_batches``
        """
        # sudo: scheduled actions run as superuser; no user writes failures.
        Failure = self.sudo()
        cron_id = self.env.context.get("cron_id", False)
        known = Failure.search(
            [
                ("cron_id", "=", cron_id),
                ("step", "=", step or False),
                ("model", "=", records._name),
                ("res_id", "in", records.ids),
            ]
        )
        known.filtered(lambda failure: failure.res_id not in errors).unlink()
        by_id = known.exists().grouped("res_id")
        for record in records.browse(errors):
            reason = exception_to_unicode(errors[record.id])
            values = {"reason": reason, "date": fields.Datetime.now()}
            if failure := by_id.get(record.id):
                failure.write({**values, "count": failure.count + 1})
                continue
            company = record.company_id if "company_id" in record._fields else False
            failure = Failure.create(
                {
                    **values,
                    "name": record.display_name,
                    "model": record._name,
                    "res_id": record.id,
                    "cron_id": cron_id,
                    "step": step,
                    "company_id": company and company.id,
                }
            )
            failure._tell(company or self.env["res.company"])

    def _tell(self, company):
        """Leave an activity with a director, or with the administrator."""
        self.ensure_one()
        decider = self.env["res.users"]._choose_key_account_decider(DIRECTOR, company)
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Nightly work failed: %s", self.name),
            note=self.reason,
            user_id=(decider or self.env.ref("base.user_admin")).id,
        )

    @api.autovacuum
    def _gc_gone(self):
        """Forget failures of records that don't exist any more."""
        # sudo: the daily clean-up does all of them; they are few.
        kept = [("date", "!=", False)]
        for model, failures in self.sudo().search(kept).grouped("model").items():
            ids = failures.mapped("res_id")
            known = set()
            if model in self.env:
                known = set(self.env[model].sudo().browse(ids).exists().ids)
            failures.filtered(
                lambda each, known=known: each.res_id not in known
            ).unlink()

    def action_open(self):
        """Open the record on which the work failed."""
        self.ensure_one()
        self.check_access("read")
        return self.env[self.model].browse(self.res_id)._get_records_action()
