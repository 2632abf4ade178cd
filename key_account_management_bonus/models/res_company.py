# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

#: Accounts of German charts: what a bonus takes off revenue, what is owed, and the
#: accounts by tax (granted volume discounts).
PRESETS = {
    "de_skr03": ("account_8769", "account_0970", ("account_8760", "account_8750")),
    "de_skr04": (
        "chart_skr04_4700",
        "chart_skr04_3070",
        ("chart_skr04_4760", "chart_skr04_4750"),
    ),
}


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_rebate_account_id = fields.Many2one(
        "account.account",
        string="Bonus Account",
        check_company=True,
        help="What bonuses take off revenue: for accruals, and for credit notes where "
        "no account belongs to the tax.",
    )
    key_account_rebate_accrual_account_id = fields.Many2one(
        "account.account",
        string="Account for Accrued Bonuses",
        check_company=True,
        help="What is earned and not settled. Without it nothing is accrued.",
    )
    key_account_rebate_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Bonus Accruals",
        check_company=True,
        domain="[('type', '=', 'general')]",
    )
    key_account_rebate_credit_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Bonus Credit Notes",
        check_company=True,
        domain="[('type', '=', 'sale')]",
    )
    key_account_rebate_note = fields.Boolean(
        string="Bonus Note on Invoices",
        default=True,
        help="Invoices say that a bonus is agreed, as § 14 (4) no. 7 of the German VAT "
        "act (UStG) asks for.",
    )

    def _get_journal_of_type(self, journal, kind):
        """Return a journal, or the first one of its kind."""
        self.ensure_one()
        return journal or self.env["account.journal"].search(
            [("company_id", "parent_of", self.id), ("type", "=", kind)],
            order="company_id desc, sequence, id",
            limit=1,
        )

    def _get_rebate_credit_journal(self):
        """Return the journal for the credit notes of bonuses."""
        # sudo: journals and accounts are settings, for every user who settles.
        company = self.sudo()
        return company._get_journal_of_type(
            company.key_account_rebate_credit_journal_id, "sale"
        )

    def _get_rebate_account(self, taxes):
        """Return the account of a bonus on goods with these taxes.

        :param taxes: ``account.tax`` records
        :raise UserError: where no account is chosen
        """
        self.ensure_one()
        # sudo: as above.
        company = self.sudo()
        preset = PRESETS.get(company.chart_template)
        Chart = self.env["account.chart.template"].sudo().with_company(company)
        for name in preset[2] if preset else ():
            account = Chart.ref(name, raise_if_not_found=False)
            if account and taxes and account.tax_ids & taxes:
                return account
        journal = company._get_rebate_credit_journal()
        account = company.key_account_rebate_account_id or journal.default_account_id
        if not account:
            raise UserError(
                self.env._("Choose the bonus account in the settings of Key Accounts.")
            )
        return account

    def _check_rebate_accrual_setup(self, month):
        """Return the journal of accruals.

        :param month: day on which is booked
        :raise UserError: where accounts are missing, or the day is locked
        """
        self.ensure_one()
        # sudo: as above.
        company = self.sudo()
        journal = company._get_journal_of_type(
            company.key_account_rebate_journal_id, "general"
        )
        if not (
            journal
            and company.key_account_rebate_account_id
            and company.key_account_rebate_accrual_account_id
        ):
            raise UserError(
                self.env._(
                    "Choose the journal and both accounts for bonuses in the settings "
                    "of Key Accounts."
                )
            )
        if company._get_violated_lock_dates(month, False, journal):
            raise UserError(
                self.env._(
                    "%s is locked. The accrual of the next month has all of it.",
                    format_date(self.env, month, date_format="MMMM yyyy"),
                )
            )
        return journal

    def _preset_rebate_accounts(self):
        """Choose the accounts of German charts where none are chosen."""
        for company in self:
            preset = PRESETS.get(company.chart_template)
            if not preset:
                continue
            Chart = self.env["account.chart.template"].with_company(company)
            for name, ref in (
                ("key_account_rebate_account_id", preset[0]),
                ("key_account_rebate_accrual_account_id", preset[1]),
            ):
                if not company[name]:
                    company[name] = Chart.ref(ref, raise_if_not_found=False)
