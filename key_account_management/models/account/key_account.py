# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class KeyAccount(models.Model):
    """The hub: one commercial partner, in one company, that is managed individually."""

    _name = "key.account"
    _description = "Key Account"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "key.account.lookup",
        "key.account.group",
        "key.account.documents",
        "key.account.overview",
        "key.account.charge",
    ]
    _order = "partner_name, id"
    _parent_store = True
    _rec_names_search = [
        "partner_id.name",
        "partner_id.ref",
        "partner_id.vat",
        "partner_id.email",
        "partner_id.phone",
        "partner_id.child_ids.name",
        "partner_id.child_ids.email",
        "partner_id.child_ids.phone",
    ]
    _check_company_auto = True
    _mail_post_access = "read"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="The company or self-employed person, not one of its contacts.",
    )
    partner_name = fields.Char(related="partner_id.name", store=True, string="Name")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True, tracking=True)
    state = fields.Selection(
        [
            ("candidate", "Candidate"),
            ("active", "Active"),
            ("at_risk", "At Risk"),
            ("ended", "Ended"),
        ],
        required=True,
        default="active",
        index=True,
        tracking=True,
        group_expand=True,
    )
    phase = fields.Selection(
        [
            ("win", "Win"),
            ("build", "Build Up"),
            ("keep", "Keep"),
            ("grow", "Grow"),
            ("recover", "Win Back"),
        ],
        default="keep",
        tracking=True,
        group_expand=True,
        help="Where the customer stands in the account management cycle.",
    )
    segment_id = fields.Many2one("key.account.segment", index="btree_not_null")
    manager_id = fields.Many2one(
        "res.users",
        string="Account Manager",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        check_company=True,
        tracking=True,
    )
    deputy_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id), "
        "('id', '!=', manager_id)]",
        check_company=True,
        tracking=True,
        help="Takes over while the account manager is absent.",
    )
    team_member_ids = fields.One2many(
        "key.account.team.member", "account_id", string="Account Team"
    )
    next_review_date = fields.Date(tracking=True)
    preference_ids = fields.One2many(
        "key.account.preference", "account_id", string="What to Know"
    )
    preferences = fields.Html(
        help="What colleagues need to know about this customer: habits, likes and "
        "dislikes, house rules, verbal agreements."
    )
    user_in_team = fields.Boolean(
        compute="_compute_user_in_team",
        help="Whether you are the account manager, the deputy or in the team.",
    )
    confidential_note = fields.Html(
        compute="_compute_confidential_note",
        inverse="_inverse_confidential_note",
        help="Only the account manager, the deputy and the account team can read this.",
    )
    # Only the two methods of the field above read and write it: no role has access.
    # Not copied: a copy would belong to the user who makes it.
    confidential_body = fields.Html(groups=fields.NO_ACCESS, copy=False)

    absence_start = fields.Date(
        related="manager_id.key_account_absence_start", string="Absent From"
    )
    absence_end = fields.Date(
        related="manager_id.key_account_absence_end", string="Absent Until"
    )
    is_manager_absent = fields.Boolean(compute="_compute_acting_manager_id")
    acting_manager_id = fields.Many2one(
        "res.users",
        string="In Charge Today",
        compute="_compute_acting_manager_id",
        search="_search_acting_manager_id",
        help="The deputy while the account manager is absent, else the account "
        "manager.",
    )

    _partner_company_uniq = models.Constraint(
        "unique (partner_id, company_id)",
        "This customer is already a key account of the company. If the key account is "
        "ended or archived, activate it again.",
    )

    _deputy_not_manager = models.Constraint(
        "CHECK (deputy_id IS NULL OR deputy_id != manager_id)",
        "The deputy can't be the account manager as well.",
    )

    @api.depends("partner_name")
    def _compute_display_name(self):
        # The bare name: the customer's own display name follows the context of forms
        # that want its address, too.
        for account in self:
            account.display_name = account.partner_name

    @api.depends_context("uid")
    @api.depends("manager_id", "deputy_id", "team_member_ids.is_accepted")
    def _compute_user_in_team(self):
        for account in self:
            team = (
                account.manager_id
                | account.deputy_id
                | account.team_member_ids.filtered("is_accepted").user_id
            )
            account.user_in_team = self.env.user in team

    @api.depends_context("uid")
    @api.depends("confidential_body", "user_in_team")
    def _compute_confidential_note(self):
        for account in self:
            # sudo: the only reader of a closed field; user_in_team decides.
            account.confidential_note = (
                account.user_in_team and account.sudo().confidential_body
            )

    def _inverse_confidential_note(self):
        for account in self:
            if not account.user_in_team:
                raise UserError(
                    self.env._(
                        "Confidential notes on %(account)s are for its account team. "
                        "Ask the account manager to add you.",
                        account=account.display_name,
                    )
                )
            # sudo: the only writer of a closed field, after the check above.
            account.sudo().confidential_body = account.confidential_note

    @api.constrains("partner_id", "active", "state")
    def _check_partner(self):
        for account in self:
            partner = account.partner_id
            if partner.commercial_partner_id != partner:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(customer)s. Make the company "
                        "%(customer)s the key account instead.",
                        contact=partner.display_name,
                        customer=partner.commercial_partner_id.display_name,
                    )
                )
            if account.active and account.state != "ended" and not partner.active:
                raise ValidationError(
                    self.env._(
                        "The customer %s is archived. Restore the customer before "
                        "you manage it as a key account.",
                        partner.display_name,
                    )
                )

    @api.constrains("manager_id", "deputy_id")
    def _check_responsible_users(self):
        for account in self:
            for user in account.manager_id | account.deputy_id:
                if user.share:
                    raise ValidationError(
                        self.env._(
                            "%s is a portal user and can't be responsible for a key "
                            "account.",
                            user.name,
                        )
                    )

    def action_end(self):
        """End the individual management: terms of the tier no longer apply."""
        self.write({"state": "ended"})

    def action_activate(self):
        """Manage the customer as an active key account, again if it was ended."""
        self.write({"state": "active", "active": True})

    def action_set_at_risk(self):
        """Flag the account as at risk of being lost."""
        self.write({"state": "at_risk"})

    @api.depends(
        "manager_id.key_account_absence_start",
        "manager_id.key_account_absence_end",
        "deputy_id",
    )
    def _compute_acting_manager_id(self):
        for company, accounts in self.grouped("company_id").items():
            today = company._get_key_account_today()
            # sudo: every colleague sees who is absent, by the name of the deputy.
            absent = accounts.manager_id.sudo()._filter_key_account_absent(today)
            for account in accounts:
                account.is_manager_absent = bool(
                    account.deputy_id and account.manager_id in absent
                )
                account.acting_manager_id = (
                    account.deputy_id
                    if account.is_manager_absent
                    else account.manager_id
                )

    @api.model
    def _search_acting_manager_id(self, operator, value):
        if operator not in ("in", "any", "ilike", "="):
            return NotImplemented
        found = Domain.FALSE
        # The day differs between companies, mostly there is one.
        by_day = self.env.companies.grouped(lambda c: c._get_key_account_today())
        for day, companies in by_day.items():
            absent = Domain("deputy_id", "!=", False) & Domain(
                "manager_id",
                "any",
                self.env["res.users"]._key_account_absent_domain(day),
            )
            in_charge = (absent & Domain("deputy_id", operator, value)) | (
                ~absent & Domain("manager_id", operator, value)
            )
            found |= Domain("company_id", "in", companies.ids) & in_charge
        return found

    def _get_kept_values(self, day):
        """Return what a document of these accounts keeps of them, as of a day.

        Rooms above add their values, the tier of that day for example.

        :param day: date of the document
        :return: dict of account id -> dict of field -> id, see ``_get_kept_fields``
        """
        return {
            account.id: {
                "key_account_id": account.id,
                "key_account_manager_id": account.manager_id.id,
            }
            for account in self
        }

    def _after_customer_change(self):
        """Go on after documents came to these accounts or left them; rooms add theirs.

        Customers were merged, or a contact has moved to another company.
        """

    def _tell_manager(self, summary, note):
        """Leave a to-do with the user in charge today, and a note in the chatter.

        :param str summary: of the to-do
        :param str note: the details
        """
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.company_id._get_key_account_today(),
            summary=summary,
            note=note,
            user_id=self.acting_manager_id.id,
        )
        self._message_log(
            body=self.env._("%(summary)s. %(note)s", summary=summary, note=note)
        )

    def _get_printed_contact(self, company):
        """Return who cares for the customer today, if documents of a company name it.

        :param company: the ``res.company`` whose document it is
        :return: ``res.users``, empty for no account
        """
        wanted = company.key_account_contact_on_documents
        return self.acting_manager_id if wanted else self.env["res.users"]

    def _report_account_column(self):
        """Return the column that names the account, on paper only where it is needed.

        Of one account the paper says the name in its title.
        """
        return (self.env._("Key Account"), "text" if len(self) > 1 else "book")

    def _report_sections(self, period):
        """Return what rooms and addons add to a monthly report on these accounts.

        A section is a dict of plain values:

        * ``key``: its name; ``title``: its heading, also that of its sheet
        * ``sequence``: its place; the report's own are 10, 20 and 30
        * ``columns``: list of (title, kind), kind one of ``text``, ``day``, ``money``,
          ``number`` (whole), ``decimal`` and ``book`` (text in the workbook alone);
          without columns there is no table
        * ``rows``: list of values, in the order of the columns
        * ``head``: true where the paper needs the titles of the columns, too
        * ``figures``: headline figures as of today, list of (label, kind, value)
        * ``internal``: true for what customers must not see

        Called with sudo on accounts of one company, in the language of the readers.

        :param period: first and last day of the month
        :return: list of dict
        """
        return []
