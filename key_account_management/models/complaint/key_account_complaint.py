# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize

from . import clock_rules
from .key_account_complaint_stage import CLOSED_KINDS


class KeyAccountComplaint(models.Model):
    """A customer's claim or dissatisfaction, from receipt to proven remedy.

    What happens when it moves on is in ``key_account_complaint_flow.py``, mails and
    portal in ``key_account_complaint_mail.py``, the 8D work in
    ``key_account_complaint_8d.py``.
    """

    _name = "key.account.complaint"
    _description = "Complaint"
    _inherit = [
        "portal.mixin",
        "mail.thread.cc",
        "mail.activity.mixin",
        "rating.mixin",
    ]
    _order = "priority desc, next_deadline, id desc"
    _rec_names_search = ["name", "subject", "partner_id.name"]
    _check_company_auto = True
    _mail_post_access = "read"
    _primary_email = "email_from"

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    subject = fields.Char(required=True, tracking=True)
    description = fields.Html(help="What happened, in the customer's words.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index="btree_not_null",
        check_company=True,
        tracking=True,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        store=True,
        index="btree_not_null",
        string="Customer's Company",
    )
    email_from = fields.Char(
        string="E-mail",
        compute="_compute_email_from",
        store=True,
        readonly=False,
    )
    account_id = fields.Many2one(
        "key.account",
        string="Key Account",
        compute="_compute_account_id",
        store=True,
        index="btree_not_null",
        tracking=True,
    )
    tier_id = fields.Many2one(
        related="account_id.tier_id", related_sudo=True, string="Tier"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
        help="Who answers for the complaint; at first who is in charge of the account.",
    )
    team_id = fields.Many2one("crm.team", check_company=True, index="btree_not_null")
    department_id = fields.Many2one(
        "key.account.complaint.department",
        string="Department Responsible",
        index="btree_not_null",
        compute="_compute_department_id",
        store=True,
        readonly=False,
        tracking=True,
    )
    category_id = fields.Many2one(
        "key.account.complaint.category", index="btree_not_null", tracking=True
    )
    channel = fields.Selection(
        [
            ("phone", "Phone"),
            ("email", "E-mail"),
            ("portal", "Portal"),
            ("visit", "Visit"),
            ("other", "Other"),
        ],
        default="phone",
        required=True,
    )
    severity = fields.Selection(
        [("minor", "Minor"), ("major", "Major"), ("critical", "Critical")],
        default="minor",
        required=True,
        index=True,
        tracking=True,
        help="Critical ones get half the time, show on the account and its documents, "
        "and put demotion off.",
    )
    priority = fields.Selection(
        [("0", "Normal"), ("1", "High"), ("2", "Very High")], default="0"
    )
    color = fields.Integer()
    stage_id = fields.Many2one(
        "key.account.complaint.stage",
        required=True,
        index=True,
        ondelete="restrict",
        copy=False,
        tracking=True,
        default=lambda self: self.env["key.account.complaint.stage"]._first("new"),
        group_expand="_read_group_stage_id",
    )
    stage_kind = fields.Selection(
        related="stage_id.kind",
        store=True,
        index=True,
        string="Kind of Stage",
    )
    kanban_state = fields.Selection(
        [("normal", "In Progress"), ("done", "Ready"), ("blocked", "Blocked")],
        default="normal",
        required=True,
        copy=False,
    )

    # What it is about
    order_id = fields.Many2one(
        "sale.order",
        string="Sales Order",
        index="btree_not_null",
        check_company=True,
        domain="[('partner_id.commercial_partner_id', '=', commercial_partner_id), "
        "('state', '=', 'sale')]",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        index="btree_not_null",
        check_company=True,
        domain="[('commercial_partner_id', '=', commercial_partner_id), "
        "('move_type', '=', 'out_invoice'), ('state', '=', 'posted')]",
    )
    product_id = fields.Many2one(
        "product.product", index="btree_not_null", check_company=True
    )
    quantity = fields.Float(digits="Product Unit", string="Quantity Concerned")
    claimed_amount = fields.Monetary(tracking=True)
    customer_reference = fields.Char(help="The customer's own number of the complaint.")
    internal_note = fields.Html(help="Never shown to the customer.")
    duplicate_of_id = fields.Many2one(
        "key.account.complaint", readonly=True, copy=False, index="btree_not_null"
    )

    _name_company_uniq = models.Constraint(
        "unique (name, company_id)", "This number of a complaint is taken."
    )

    _quantity_not_negative = models.Constraint(
        "CHECK (COALESCE(quantity, 0) >= 0 AND COALESCE(claimed_amount, 0) >= 0)",
        "The quantity concerned and the claimed amount can't be negative.",
    )

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for complaint in self:
            complaint.display_name = (
                f"{complaint.name} {complaint.subject or ''}".strip()
                if complaint.name
                else complaint.subject
            )

    @api.depends("partner_id")
    def _compute_email_from(self):
        for complaint in self:
            if complaint.partner_id.email:
                complaint.email_from = complaint.partner_id.email

    @api.depends("partner_id", "company_id")
    def _compute_account_id(self):
        KeyAccount = self.env["key.account"]
        for company, complaints in self.grouped("company_id").items():
            accounts = KeyAccount._get_by_partner(complaints.partner_id, company)
            for complaint in complaints:
                customer = complaint.partner_id.commercial_partner_id._origin
                complaint.account_id = accounts.get(customer.id, KeyAccount).id

    @api.depends("category_id")
    def _compute_department_id(self):
        for complaint in self:
            if complaint.category_id.department_id:
                complaint.department_id = complaint.category_id.department_id

    @api.model
    def _read_group_stage_id(self, stages, domain):
        """Show every stage as a column of the board."""
        return self.env["key.account.complaint.stage"].search([("active", "=", True)])

    @api.onchange("order_id")
    def _onchange_order_id(self):
        if self.order_id:
            self.partner_id = self.partner_id or self.order_id.partner_id
            self.team_id = self.team_id or self.order_id.team_id

    @api.onchange("move_id")
    def _onchange_move_id(self):
        if self.move_id:
            self.partner_id = self.partner_id or self.move_id.partner_id

    @api.constrains("partner_id", "order_id", "move_id")
    def _check_documents_of_customer(self):
        for complaint in self:
            # sudo: compares customers, so that nobody complains about the documents
            # of others, whatever the user may read of them.
            own = complaint.sudo().commercial_partner_id
            customers = (
                complaint.sudo().order_id.partner_id.commercial_partner_id
                | complaint.sudo().move_id.commercial_partner_id
            )
            if customers - own:
                raise ValidationError(
                    self.env._(
                        "%(number)s: the order or invoice is not one of %(customer)s. "
                        "Choose a document of this customer.",
                        number=complaint.name or complaint.subject,
                        customer=own.display_name or self.env._("the customer"),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Register complaints: they get a number, an owner, and their clocks start."""
        vals_list = [dict(vals) for vals in vals_list]
        # Named, not left to the field's default: only then its mail is sent.
        stage = self.default_get(["stage_id"]).get("stage_id")
        for vals in vals_list:
            self._complete_values(vals)
            company_id = vals.get("company_id") or self.env.company.id
            vals["name"] = vals.get("name") or self._next_number(company_id)
            vals.setdefault("stage_id", stage)
        complaints = super().create(vals_list)
        complaints._take_owner()
        complaints._start_clocks()
        complaints._check_recurrence()
        return complaints

    @api.model
    def _next_number(self, company_id):
        sequence = self.env["ir.sequence"].with_company(company_id)
        return sequence.next_by_code("key.account.complaint")

    @api.model
    def _complete_values(self, vals):
        """Take customer, team and company from order or invoice, where not given."""
        order = self.env["sale.order"].browse(vals.get("order_id"))
        move = self.env["account.move"].browse(vals.get("move_id"))
        if (order or move) and not vals.get("company_id"):
            vals["company_id"] = (order or move).company_id.id
        if not vals.get("partner_id"):
            vals["partner_id"] = (
                (order or move).partner_id.id if order or move else False
            )
        if order and not vals.get("team_id"):
            vals["team_id"] = order.team_id.id

    def _take_owner(self):
        """Give complaints without an owner to who is in charge of the account."""
        for complaint in self.filtered(lambda complaint: not complaint.user_id):
            # sudo: the name of who cares for the customer, nothing else.
            manager = complaint.account_id.sudo().acting_manager_id
            user = self.env.user
            if manager:
                complaint.user_id = manager
            elif not user.share and user.has_group(
                "key_account_management.group_key_account_complaint"
            ):
                complaint.user_id = user

    def write(self, vals):
        before = {complaint: complaint.stage_id for complaint in self}
        result = super().write(vals)
        if "stage_id" in vals:
            self._after_stage_change(before)
        if not {"severity", "partner_id", "company_id"}.isdisjoint(vals):
            # sudo: clocks are the system's; nobody can write them.
            self.clock_ids.sudo()._refresh_targets()
        if not {"product_id", "root_cause_kind", "category_id"}.isdisjoint(vals):
            self._check_recurrence()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        if any(complaint.stage_kind != "cancelled" for complaint in self):
            raise UserError(
                self.env._(
                    "Complaints are kept. Cancel what is none, or merge duplicates."
                )
            )

    def _get_calendar(self):
        """Return the working hours of the clocks: the tier's, else the company's."""
        # sudo: the hours are the same whoever handles the complaint.
        complaint = self.sudo()
        return (
            complaint.account_id.tier_id.complaint_calendar_id
            or complaint.company_id.resource_calendar_id
        )

    def _get_clock_hours(self, kind):
        """Return the working hours until the answer or the resolution.

        :param str kind: ``response`` or ``resolution``
        """
        self.ensure_one()
        # sudo: as above.
        complaint = self.sudo()
        hours = (
            complaint.account_id.tier_id[f"{kind}_hours"]
            or complaint.company_id[f"key_account_complaint_{kind}_hours"]
        )
        return clock_rules.target_hours(hours, complaint.severity)

    def _get_escalation_user(self, level):
        """Return who is told about a late complaint.

        :param int level: 1 team lead, 2 director
        """
        self.ensure_one()
        # sudo: who leads is no secret, and no more than the names is taken.
        complaint = self.sudo()
        directors = self.env.ref(
            "key_account_management.group_key_account_director"
        ).sudo()
        director = directors.all_user_ids.filtered(
            lambda user: user.active
            and not user.share
            and complaint.company_id in user.company_ids
        ).sorted("id", reverse=True)[:1]
        if level > 1:
            return director
        # Who can't open the complaint can't do anything about it either.
        leads = (
            complaint.team_id.user_id
            | complaint.department_id.user_id
            | complaint.account_id.acting_manager_id
        )
        return (
            leads.filtered(
                lambda user: complaint.sudo(False).with_user(user).has_access("read")
            )[:1]
            or director
        )

    def _is_of_sender(self, email):
        """Tell whether an address is that of the customer who complains."""
        self.ensure_one()
        address = email_normalize(email or "")
        return bool(address) and address == email_normalize(self.email_from or "")

    def _is_closed(self):
        self.ensure_one()
        return self.stage_kind in CLOSED_KINDS
