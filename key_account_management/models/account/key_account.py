# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache


class KeyAccount(models.Model):
    """The hub: one commercial partner, in one company, that is managed individually."""

    _name = "key.account"
    _description = "Key Account"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "partner_name, id"
    _parent_store = True
    _rec_names_search = ["partner_id.name", "partner_id.ref", "partner_id.vat"]
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
        help="The company (or self-employed person) as such, not one of its contacts.",
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
        help="Where the customer stands in the work cycle of account management.",
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
        help="Stands in while the account manager is absent.",
    )
    team_member_ids = fields.One2many(
        "key.account.team.member", "account_id", string="Account Team"
    )
    parent_id = fields.Many2one(
        "key.account",
        string="Group Parent",
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        domain="[('company_id', '=', company_id), ('id', '!=', id)]",
        help="Key account of the group's parent company. Prices and terms of the "
        "parent apply where the subsidiary has none of its own.",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("key.account", "parent_id", string="Subsidiaries")
    child_count = fields.Integer(
        compute="_compute_child_count", string="Number of Subsidiaries"
    )
    next_review_date = fields.Date(tracking=True)
    preferences = fields.Html(
        help="What one should know when dealing with this customer: habits, "
        "likes and dislikes, house rules, agreements by word of mouth."
    )
    user_in_team = fields.Boolean(
        compute="_compute_user_in_team",
        help="Whether you are the account manager, the deputy or in the team.",
    )
    confidential_note = fields.Html(
        compute="_compute_confidential_note",
        inverse="_inverse_confidential_note",
        help="Shown to the account manager, the deputy and the account team alone.",
    )
    # Read and written by the two methods above only, hence closed to everybody.
    # Not copied: a copy would belong to whoever makes it.
    confidential_body = fields.Html(groups=fields.NO_ACCESS, copy=False)

    _partner_company_uniq = models.Constraint(
        "unique (partner_id, company_id)",
        "This customer is a key account of the company already (it may be ended or "
        "archived: open it again instead).",
    )

    _deputy_not_manager = models.Constraint(
        "CHECK (deputy_id IS NULL OR deputy_id != manager_id)",
        "The deputy must be somebody else than the account manager.",
    )
    sale_order_count = fields.Integer(
        compute="_compute_sale_order_count",
        groups="sales_team.group_sale_salesman",
        string="Orders",
    )
    invoice_count = fields.Integer(
        compute="_compute_invoice_count",
        groups="account.group_account_invoice,account.group_account_readonly,"
        "sales_team.group_sale_salesman",
        string="Invoices",
    )
    opportunity_count = fields.Integer(
        compute="_compute_opportunity_count",
        groups="sales_team.group_sale_salesman",
        string="Opportunities",
    )
    activity_count = fields.Integer(
        compute="_compute_activity_count", string="Open Activities"
    )
    absence_start = fields.Date(
        string="Absent From", help="First day on which the deputy takes over."
    )
    absence_end = fields.Date(
        string="Absent Until", help="Last day on which the deputy stands in."
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

    _absence_order = models.Constraint(
        "CHECK (absence_end IS NULL OR absence_start IS NOT NULL "
        "AND absence_end >= absence_start)",
        "An absence needs a first day, and can't end before it begins.",
    )

    @api.depends("partner_name")
    def _compute_display_name(self):
        # The bare name: the customer's own display name follows the context of forms
        # that want its address, too.
        for account in self:
            account.display_name = account.partner_name

    @api.depends_context("uid")
    @api.depends("manager_id", "deputy_id", "team_member_ids.user_id")
    def _compute_user_in_team(self):
        for account in self:
            team = (
                account.manager_id | account.deputy_id | account.team_member_ids.user_id
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

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts._join_group_of_parent_company(vals_list)
        return accounts

    def write(self, vals):
        if vals.get("parent_id"):
            self._check_no_circular_group(vals["parent_id"])
        return super().write(vals)

    def action_end(self):
        """End the individual management: terms of the tier no longer apply."""
        self.write({"state": "ended"})

    def action_activate(self):
        """Manage the customer (again) as an active key account."""
        self.write(
            {
                "state": "active",
                "active": True,
                "risk_reason": False,
                "risk_automatic": False,
            }
        )

    def action_set_at_risk(self):
        """Flag the account as at risk of being lost."""
        self.write({"state": "at_risk"})

    @api.model
    @ormcache()
    def _get_customer_ids(self):
        """Return the ids of all customers who are or were key accounts, in any company.

        :return: frozenset of ids of ``res.partner``
        """
        self.flush_model(["partner_id"])
        self.env.cr.execute("SELECT DISTINCT partner_id FROM key_account")
        return frozenset(row[0] for row in self.env.cr.fetchall())

    @api.constrains("partner_id")
    def _check_customer_is_known(self):
        """Have the customers looked up anew, here and in every other process."""
        registry = self.env.registry
        if not self._get_customer_ids().issuperset(self.partner_id.ids):
            registry.clear_cache()
            # Once more when others can see it: until then they learn the old ones.
            self.env.cr.postcommit.add(registry.clear_cache)

    def _count_documents(self, model, partner_field, domain):
        """Count documents by customer and company in one query.

        :param str model: name of the document's model
        :param str partner_field: path from it to the commercial partner
        :param domain: which documents count
        :return: dict (partner id, company id) -> number
        """
        documents = self.env[model]
        domain = Domain(domain) & Domain(
            [
                (partner_field, "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        if partner_field == "commercial_partner_id":
            groups = documents._read_group(
                domain, [partner_field, "company_id"], ["__count"]
            )
            return {(p.id, c.id): count for p, c, count in groups}
        # Grouping through a relation is not possible, grouping by contact is.
        counts = {}
        groups = documents._read_group(
            domain, ["partner_id", "company_id"], ["__count"]
        )
        for partner, company, count in groups:
            # sudo: a contact's company, nothing else, to add up what may be read.
            key = (partner.sudo().commercial_partner_id.id, company.id)
            counts[key] = counts.get(key, 0) + count
        return counts

    def _sale_order_domain(self):
        return Domain("state", "!=", "cancel")

    def _invoice_domain(self):
        return Domain("move_type", "in", ("out_invoice", "out_refund", "out_receipt"))

    def _set_document_count(self, fname, counts):
        for account in self:
            account[fname] = counts.get(
                (account.partner_id.id, account.company_id.id), 0
            )

    def _compute_sale_order_count(self):
        self._set_document_count(
            "sale_order_count",
            self._count_documents(
                "sale.order",
                "partner_id.commercial_partner_id",
                self._sale_order_domain(),
            ),
        )

    def _compute_invoice_count(self):
        self._set_document_count(
            "invoice_count",
            self._count_documents(
                "account.move", "commercial_partner_id", self._invoice_domain()
            ),
        )

    def _compute_opportunity_count(self):
        self._set_document_count(
            "opportunity_count",
            self._count_documents(
                "crm.lead",
                "partner_id.commercial_partner_id",
                Domain("type", "=", "opportunity"),
            ),
        )

    def _compute_activity_count(self):
        counts = dict(
            self.env["mail.activity"]._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)],
                ["res_id"],
                ["__count"],
            )
        )
        for account in self:
            account.activity_count = counts.get(account.id, 0)

    def _open_documents(self, xml_id, domain, context):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        action["domain"] = list(
            Domain(domain) & Domain("company_id", "=", self.company_id.id)
        )
        action["context"] = {"default_partner_id": self.partner_id.id, **context}
        return action

    def action_view_sale_orders(self):
        """Open the customer's quotations and orders."""
        return self._open_documents(
            "sale.action_quotations",
            self._sale_order_domain()
            & Domain("partner_id.commercial_partner_id", "=", self.partner_id.id),
            {},
        )

    def action_view_invoices(self):
        """Open the customer's invoices and credit notes."""
        return self._open_documents(
            "account.action_move_out_invoice_type",
            self._invoice_domain()
            & Domain("commercial_partner_id", "=", self.partner_id.id),
            {"default_move_type": "out_invoice"},
        )

    def action_view_opportunities(self):
        """Open the opportunities with the customer."""
        return self._open_documents(
            "crm.crm_lead_opportunities",
            Domain("type", "=", "opportunity")
            & Domain("partner_id.commercial_partner_id", "=", self.partner_id.id),
            {"default_type": "opportunity"},
        )

    def action_view_activities(self):
        """Open what is to be done for this key account."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Activities of %s", self.display_name),
            "res_model": "mail.activity",
            "view_mode": "list,form",
            "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)],
            "context": {
                "default_res_model_id": self.env["ir.model"]._get_id(self._name),
                "default_res_id": self.id,
            },
        }

    @api.constrains("absence_start", "deputy_id")
    def _check_absence_has_deputy(self):
        for account in self:
            if account.absence_start and not account.deputy_id:
                raise ValidationError(
                    self.env._(
                        "%s: name a deputy who takes over during the absence.",
                        account.display_name,
                    )
                )

    @api.depends("manager_id", "deputy_id", "absence_start", "absence_end")
    def _compute_acting_manager_id(self):
        # The day changes at the user's midnight, not at that of UTC.
        today = fields.Date.context_today(self)
        for account in self:
            account.is_manager_absent = bool(
                account.deputy_id
                and account.absence_start
                and account.absence_start <= today
                and (not account.absence_end or today <= account.absence_end)
            )
            account.acting_manager_id = (
                account.deputy_id if account.is_manager_absent else account.manager_id
            )

    @api.model
    def _search_acting_manager_id(self, operator, value):
        if operator not in ("in", "any", "ilike", "="):
            return NotImplemented
        today = fields.Date.context_today(self)
        absent = Domain(
            [
                ("deputy_id", "!=", False),
                ("absence_start", "<=", today),
                "|",
                ("absence_end", "=", False),
                ("absence_end", ">=", today),
            ]
        )
        return (absent & Domain("deputy_id", operator, value)) | (
            ~absent & Domain("manager_id", operator, value)
        )

    @api.model
    def _get_by_partner(self, partners, company):
        """Return the key accounts that these customers are, in one query.

        :param partners: ``res.partner`` records, contacts or companies
        :param company: the ``res.company`` that manages the accounts
        :return: dict of commercial partner id -> ``key.account`` (sudo), ended and
            archived ones left out
        """
        known = self._get_customer_ids()
        commercial_partners = partners.commercial_partner_id._origin.filtered(
            lambda partner: partner.id in known
        )
        if not commercial_partners:
            return {}
        # sudo: a clerk who may not see key accounts writes the order at the same
        # terms as the account manager would. Only terms and names are taken from it.
        accounts = self.sudo().search(
            [
                ("partner_id", "in", commercial_partners.ids),
                ("company_id", "=", company.id),
                ("state", "!=", "ended"),
                # Said here, as callers may look at archived records (active_test).
                ("active", "=", True),
            ],
            order="id",
        )
        return {account.partner_id.id: account for account in accounts}

    def _get_group_line(self):
        """Return this account and its group parents, nearest first, ended ones out."""
        self.ensure_one()
        line = self
        while (parent := line[-1:].parent_id) and parent not in line:
            line += parent
        return line.filtered(
            lambda account: account == self
            or (account.active and account.state != "ended")
        )

    @api.model
    def _get_portal_accounts(self):
        """Return the accounts that the current user's company is, as superuser.

        :return: ``key.account`` records, one for each of our companies at most
        """
        customer = self.env.user.partner_id.commercial_partner_id
        # sudo: portal users have no right on the model; these are their own company's.
        return self.sudo().search(
            [("partner_id", "=", customer.id), ("state", "in", ("active", "at_risk"))],
            order="company_id, id",
        )

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

    def _tell_manager(self, summary, note):
        """Leave a to-do with whoever is in charge, and a line in the chatter."""
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=fields.Date.context_today(self),
            summary=summary,
            note=note,
            user_id=self.acting_manager_id.id,
        )
        self._message_log(body=f"{summary}. {note}")

    @api.depends("child_ids")
    def _compute_child_count(self):
        counts = dict(
            self._read_group(
                [("parent_id", "in", self.ids)], ["parent_id"], ["__count"]
            )
        )
        for account in self:
            account.child_count = counts.get(account, 0)

    def _check_no_circular_group(self, parent_id):
        """Refuse a parent that is one of these accounts or lies below one.

        Before the write and not as a constraint: with ``_parent_store`` the ORM stops
        a circle by itself, with nothing but "Recursion Detected.".
        """
        # sudo: the line of parents may pass through colleagues' accounts.
        line = self.sudo().search(
            [("id", "parent_of", parent_id), ("active", "in", (True, False))]
        )
        if line & self:
            raise ValidationError(
                self.env._(
                    "A group can't be circular: a key account would be its own "
                    "parent, directly or through its subsidiaries."
                )
            )

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if self.partner_id and not self.parent_id:
            self.parent_id = self._find_group_parent()

    def _find_group_parent(self):
        """Return the account of the nearest parent company that has one."""
        self.ensure_one()
        # sudo: the parent's account may belong to a colleague; only the link is set,
        # and the company is the account's own.
        Account = self.sudo().with_context(active_test=True)
        company_partner = self.partner_id.parent_id
        seen = self.partner_id
        while company_partner and company_partner not in seen:
            seen |= company_partner
            account = Account.search(
                [
                    ("partner_id", "=", company_partner.commercial_partner_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("state", "!=", "ended"),
                ],
                limit=1,
            )
            if account:
                return account.sudo(self.env.su)
            company_partner = company_partner.parent_id
        return self.browse()

    def _join_group_of_parent_company(self, vals_list):
        """Put new accounts under their parent company's unless told otherwise."""
        for account, vals in zip(self, vals_list, strict=True):
            if "parent_id" not in vals and account.partner_id.parent_id:
                account.parent_id = account._find_group_parent()

    def action_view_children(self):
        """Open the subsidiaries of any depth."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_management.key_account_action"
        )
        action["domain"] = [("id", "child_of", self.id), ("id", "!=", self.id)]
        action["context"] = {"default_parent_id": self.id}
        return action

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
