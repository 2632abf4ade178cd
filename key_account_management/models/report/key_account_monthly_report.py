# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from .xlsx_report import monthly_workbook

#: What the system writes: a log that its readers could write would be none.
LOG_FIELDS = {
    "state",
    "is_scheduled",
    "attempt_count",
    "tried_on",
    "error",
    "sent_on",
    "attachment_ids",
    "delivered_ids",
}
#: What a report was about, and to whom it went, once it is out.
SENT_FIELDS = {
    "company_id",
    "month",
    "account_id",
    "manager_id",
    "edition",
    "partner_ids",
}
PDF_REPORT = "key_account_management.key_account_monthly_report_action_print"


class KeyAccountMonthlyReport(models.Model):
    """A month of an account or of a manager's accounts, as sent to somebody.

    The records are the log of what was sent to whom; what is in a report is in
    ``key_account_monthly_figures.py``.
    """

    _name = "key.account.monthly.report"
    _description = "Monthly Account Report"
    _order = "month desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True,
        index=True,
        default=lambda self: self._last_month(),
        help="Any day of the month that is reported.",
    )
    account_id = fields.Many2one(
        "key.account",
        string="Key Account",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    manager_id = fields.Many2one(
        "res.users",
        string="Accounts of",
        index="btree_not_null",
        ondelete="cascade",
        help="A report on all accounts of this manager, instead of a single one.",
    )
    edition = fields.Selection(
        [("internal", "Internal"), ("customer", "For the Customer")],
        default="internal",
        required=True,
        help="The customer's edition has neither margins nor scores.",
    )
    partner_ids = fields.Many2many(
        "res.partner",
        "key_account_monthly_report_partner_rel",
        string="Recipients",
        context={"active_test": False},
    )
    state = fields.Selection(
        [("draft", "To Be Sent"), ("sent", "Sent"), ("failed", "Failed")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    is_scheduled = fields.Boolean(string="By Schedule", readonly=True, copy=False)
    attempt_count = fields.Integer(string="Attempts", readonly=True, copy=False)
    tried_on = fields.Date(string="Last Try", readonly=True, copy=False)
    error = fields.Text(readonly=True, copy=False)
    sent_on = fields.Datetime(readonly=True, copy=False)
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "key_account_monthly_report_attachment_rel",
        string="Files",
        readonly=True,
        copy=False,
    )

    delivered_ids = fields.Many2many(
        "res.partner",
        "key_account_monthly_report_delivered_rel",
        string="Delivered To",
        readonly=True,
        copy=False,
        context={"active_test": False},
        help="Whose mail the mail server took. A second try goes to the others alone.",
    )

    _scheduled_uniq = models.UniqueIndex(
        "(company_id, COALESCE(account_id, 0), COALESCE(manager_id, 0), edition, month)"
        " WHERE is_scheduled",
        "This report has been planned already.",
    )

    _one_subject = models.Constraint(
        "CHECK ((account_id IS NULL) != (manager_id IS NULL))",
        "A report is about one account, or about the accounts of one manager.",
    )

    @api.model
    def _last_month(self):
        return fields.Date.context_today(self).replace(day=1) - relativedelta(months=1)

    @api.depends("account_id")
    def _compute_company_id(self):
        for report in self:
            report.company_id = (
                report.account_id.company_id or report.company_id or self.env.company
            )

    @api.depends("account_id", "manager_id", "month")
    @api.depends_context("lang")
    def _compute_name(self):
        for report in self:
            subject = report.account_id.partner_name or report.manager_id.name or ""
            month = report.month and format_date(
                self.env, report.month, date_format="MMMM yyyy"
            )
            report.name = f"{subject}, {month}" if month else subject

    @api.constrains("edition", "manager_id", "partner_ids", "account_id")
    def _check_edition(self):
        for report in self:
            if report.edition == "customer" and report.manager_id:
                raise ValidationError(
                    self.env._("A report on several accounts is never for a customer.")
                )
            # sudo: whether a recipient is one of us, not who.
            users = report.sudo().partner_ids.user_ids
            colleagues = users.filtered(
                lambda user, company=report.company_id: not user.share
                and company in user.company_ids
            )
            outside = report.partner_ids - colleagues.partner_id.sudo(False)
            if report.edition == "internal" and outside:
                raise ValidationError(
                    self.env._(
                        "%(who)s doesn't work for %(company)s: margins and scores are "
                        "for its people alone. Customers get the customer's edition.",
                        who=", ".join(outside.mapped("display_name")),
                        company=report.company_id.name,
                    )
                )
            customer = report.account_id.partner_id
            strangers = outside.filtered(
                lambda partner, customer=customer: partner.commercial_partner_id
                != customer
            )
            if report.edition == "customer" and strangers:
                raise ValidationError(
                    self.env._(
                        "%(who)s is no contact of %(customer)s.",
                        who=", ".join(strangers.mapped("display_name")),
                        customer=customer.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_log(vals)
            if vals.get("month"):
                vals["month"] = fields.Date.to_date(vals["month"]).replace(day=1)
        reports = super().create(vals_list)
        reports._check_subject_access()
        return reports

    def write(self, vals):
        self._check_log(vals)
        if not self.env.su and not SENT_FIELDS.isdisjoint(vals):
            self._check_not_sent()
        if vals.get("month"):
            vals = {**vals, "month": fields.Date.to_date(vals["month"]).replace(day=1)}
        result = super().write(vals)
        if not {"account_id", "manager_id"}.isdisjoint(vals):
            self._check_subject_access()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_log(self):
        """What went out, or would be planned anew by its schedule, stays."""
        for report in self:
            if report.state == "sent" or report.is_scheduled:
                raise UserError(
                    self.env._("“%s” stays as a record of what was sent.", report.name)
                )

    def unlink(self):
        self.sudo()._cancel_waiting_mails()
        return super().unlink()

    def _check_log(self, vals):
        if not self.env.su and not LOG_FIELDS.isdisjoint(vals):
            raise AccessError(
                self.env._("What was sent, when and to whom is written by the system.")
            )

    def _check_not_sent(self):
        for report in self:
            if report.state == "sent":
                raise UserError(
                    self.env._(
                        "“%s” was sent and stays as it was. Make another report.",
                        report.name,
                    )
                )

    def _check_subject_access(self):
        """Nobody reports on accounts that he may not read."""
        if self.env.su:
            return
        self.account_id.check_access("read")
        all_accounts = self.env.user.has_group(
            "key_account_management.group_key_account_all"
        )
        if self.manager_id - self.env.user and not all_accounts:
            raise UserError(self.env._("You may only report on your own accounts."))

    def _get_accounts(self):
        """Return the accounts that the report is about (sudo)."""
        self.ensure_one()
        # sudo: who may open the report may read these accounts, see
        # _check_subject_access(); invoices and orders are summed up for them.
        if self.account_id:
            return self.account_id.sudo()
        return (
            self.env["key.account"]
            .sudo()
            .search(
                [
                    ("manager_id", "=", self.manager_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("state", "!=", "ended"),
                ]
            )
        )

    def _get_lang(self):
        """Return the language of the readers: where they differ, of the first.

        Each language gets a mail of its own, which says its language in the context.
        """
        self.ensure_one()
        return (
            self.env.context.get("key_account_report_lang")
            or self.partner_ids[:1].lang
            or (self.edition == "customer" and self.account_id.partner_id.lang)
            or self.env.lang
        )

    def action_preview(self):
        """Show the report as it will be sent."""
        self.ensure_one()
        return self.env.ref(PDF_REPORT).report_action(self, config=False)

    def action_download(self):
        """Download the workbook of the report."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/key_account/monthly_report/{self.id}.xlsx",
            "target": "download",
        }

    def _get_workbook(self):
        """Return the report as the bytes of a workbook."""
        self.ensure_one()
        report = self.with_context(lang=self._get_lang())
        return monthly_workbook(report._collect())
