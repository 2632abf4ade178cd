# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..tools import groups
from ..tools.records import download
from .key_account_monthly_report_mailing import PDF_REPORT
from .xlsx_report import monthly_workbook

#: What a report was about, and to whom it went, once it is out.
SENT_FIELDS = {
    "company_id",
    "month",
    "account_id",
    "manager_id",
    "edition",
    "partner_ids",
}


class KeyAccountMonthlyReport(models.Model):
    """A month of an account, or of a manager's accounts, as sent to its readers.

    The records are the log of what was sent, when and to whom.
    """

    _name = "key.account.monthly.report"
    _inherit = [
        "key.account.server.written",
        "key.account.monthly.report.content",
        "key.account.monthly.report.mailing",
        "key.account.monthly.report.schedule",
    ]
    _description = "Monthly Account Report"
    _order = "month desc, id desc"
    _check_company_auto = True
    _server_written = (
        "state",
        "error",
        "sent_on",
        "is_scheduled",
        "attempt_count",
        "next_try_on",
    )

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
        help="Any day of the month to report on.",
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

    _scheduled_uniq = models.UniqueIndex(
        "(company_id, COALESCE(account_id, 0), COALESCE(manager_id, 0), edition, month)"
        " WHERE is_scheduled",
        "This report has already been planned.",
    )

    _one_subject = models.Constraint(
        "CHECK ((account_id IS NULL) != (manager_id IS NULL))",
        "A report is about one account, or about the accounts of one manager.",
    )

    @api.model
    def _last_month(self):
        today = self.env.company._get_key_account_today()
        return today.replace(day=1) - relativedelta(months=1)

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
                    self.env._("A report on several accounts can't be for a customer.")
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
                        "%(who)s doesn't work for %(company)s. Margins and scores are "
                        "for the company's own people; customers get the customer's "
                        "edition.",
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
                        "%(who)s is not a contact of %(customer)s.",
                        who=", ".join(strangers.mapped("display_name")),
                        customer=customer.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create([self._to_first_day(vals) for vals in vals_list])
        reports._check_subject_access()
        return reports

    def write(self, vals):
        if not self.env.su and not SENT_FIELDS.isdisjoint(vals):
            self._check_not_sent()
        result = super().write(self._to_first_day(vals))
        if not {"account_id", "manager_id"}.isdisjoint(vals):
            self._check_subject_access()
        return result

    @api.model
    def _to_first_day(self, vals):
        """Return values whose month begins on its first day."""
        if not vals.get("month"):
            return vals
        return {**vals, "month": fields.Date.to_date(vals["month"]).replace(day=1)}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_log(self):
        """Keep what went out, and what the schedule would plan once more."""
        for report in self:
            if report.state == "sent" or report.is_scheduled:
                raise UserError(
                    self.env._(
                        "“%s” can't be deleted: it is the record of what was sent.",
                        report.name,
                    )
                )

    def _check_not_sent(self):
        for report in self:
            if report.state == "sent":
                raise UserError(
                    self.env._(
                        "“%s” was sent and can't be changed. Create another report.",
                        report.name,
                    )
                )

    def _check_subject_access(self):
        """Refuse reports on accounts that the user may not read."""
        if self.env.su:
            return
        self.account_id.check_access("read")
        if self.manager_id - self.env.user and not self.env.user.has_group(
            groups.ALL_ACCOUNTS
        ):
            raise UserError(self.env._("You may only report on your own accounts."))

    def _get_accounts(self):
        """Return the accounts that the report is about (sudo)."""
        self.ensure_one()
        # sudo: users who can open the report can read these accounts, see
        # _check_subject_access(); invoices and orders are summed up for them.
        if self.account_id:
            return self.account_id.sudo()
        KeyAccount = self.env["key.account"].sudo()
        return KeyAccount.search(
            [
                ("manager_id", "=", self.manager_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "!=", "ended"),
            ]
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
        self.check_access("read")
        return self.env.ref(PDF_REPORT).report_action(self, config=False)

    def action_download(self):
        """Download the workbook of the report."""
        self.ensure_one()
        self.check_access("read")
        return download(f"/key_account/monthly_report/{self.id}.xlsx")

    def _get_workbook(self):
        """Return the report as the bytes of a workbook."""
        self.ensure_one()
        report = self.with_context(lang=self._get_lang())
        return monthly_workbook(report._collect())
