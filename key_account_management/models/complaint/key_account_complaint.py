# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import groups


class KeyAccountComplaint(models.Model):
    """A customer's claim or dissatisfaction, from receipt to proven remedy.

    Its capabilities are models of their own: stages, deadlines, 8D, remedy and
    conversation. Here it says who complains about what.
    """

    _name = "key.account.complaint"
    _description = "Complaint"
    _inherit = [
        "key.account.complaint.documents",
        "key.account.complaint.mail",
        "key.account.complaint.remedy",
        "key.account.complaint.eight.d",
        "key.account.complaint.deadline",
    ]
    _order = "priority desc, next_deadline, id desc"
    _rec_names_search = ["name", "subject", "partner_id.name"]
    _check_company_auto = True
    # The number isn't among them: imports bring those of the former system.
    _server_written = ("commercial_partner_id", "account_id")

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    subject = fields.Char(required=True, tracking=True)
    description = fields.Html(help="What happened, in the customer's words.")
    active = fields.Boolean(default=True)
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
        help="Responsible for the complaint; at first the manager of the account.",
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
            ("email", "Email"),
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
        help="Critical complaints get half the time, show on the account and its "
        "documents, and put demotion on hold.",
    )
    priority = fields.Selection(
        [("0", "Normal"), ("1", "High"), ("2", "Very High")], default="0"
    )
    color = fields.Integer()

    # What it is about
    product_id = fields.Many2one(
        "product.product", index="btree_not_null", check_company=True
    )
    quantity = fields.Float(digits="Product Unit", string="Quantity Concerned")
    claimed_amount = fields.Monetary(tracking=True)
    customer_reference = fields.Char(help="The customer's number for the complaint.")
    internal_note = fields.Html(help="Never shown to the customer.")

    _name_company_uniq = models.Constraint(
        "unique (name, company_id)", "Another complaint has this number already."
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

    @api.depends("partner_id", "company_id", "order_id", "move_id")
    def _compute_account_id(self):
        KeyAccount = self.env["key.account"]
        for company, complaints in self.grouped("company_id").items():
            accounts = KeyAccount._get_by_partner(complaints.partner_id, company)
            for complaint in complaints:
                # sudo: order, invoice and complaint are of one account for every user.
                document = complaint.sudo().order_id or complaint.sudo().move_id
                customer = complaint.partner_id.commercial_partner_id._origin
                complaint.account_id = (
                    document.key_account_id.id
                    or accounts.get(customer.id, KeyAccount).id
                )

    @api.depends("category_id")
    def _compute_department_id(self):
        for complaint in self:
            if complaint.category_id.department_id:
                complaint.department_id = complaint.category_id.department_id

    @api.onchange("order_id", "move_id")
    def _onchange_documents(self):
        document = self.order_id or self.move_id
        self.partner_id = self.partner_id or document.partner_id
        self.team_id = self.team_id or self.order_id.team_id

    @api.model_create_multi
    def create(self, vals_list):
        """Register complaints: they get a number, an owner, and their clocks start."""
        vals_list = [dict(vals) for vals in vals_list]
        # Given here, not left to the field's default: only then its mail is sent.
        stage = self.default_get(["stage_id"]).get("stage_id")
        for vals in vals_list:
            self._complete_values(vals)
            vals.setdefault("stage_id", stage)
        complaints = super().create(vals_list)
        complaints._take_owner()
        complaints._start_clocks()
        complaints._check_recurrence()
        return complaints

    @api.model
    def _add_server_values(self, vals_list):
        vals_list = super()._add_server_values(vals_list)
        here = self.env.company.id
        return [
            {**vals, "name": self._next_number(vals.get("company_id") or here)}
            if not vals.get("name")
            else vals
            for vals in vals_list
        ]

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
            vals["partner_id"] = (order or move).partner_id.id
        if order and not vals.get("team_id"):
            vals["team_id"] = order.team_id.id

    def _take_owner(self):
        """Give complaints without an owner to the manager of the account."""
        for complaint in self.filtered(lambda complaint: not complaint.user_id):
            # sudo: only the name of the account manager.
            manager = complaint.account_id.sudo().acting_manager_id
            user = self.env.user
            if manager:
                complaint.user_id = manager
            elif not user.share and user.has_group(groups.COMPLAINT):
                complaint.user_id = user

    def write(self, vals):
        before = {complaint: complaint.stage_id for complaint in self}
        result = super().write(vals)
        if "stage_id" in vals:
            self._after_stage_change(before)
        if not {"severity", "partner_id", "company_id"}.isdisjoint(vals):
            # sudo: only the server writes clocks.
            self.clock_ids.sudo()._refresh_targets()
        if not {"product_id", "root_cause_kind", "category_id"}.isdisjoint(vals):
            self._check_recurrence()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        if any(complaint.stage_kind != "cancelled" for complaint in self):
            raise UserError(
                self.env._(
                    "Only cancelled complaints can be deleted. Cancel them first, or "
                    "merge duplicates."
                )
            )
