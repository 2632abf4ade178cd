# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

from odoo.addons.key_account_management.models.tools.batches import in_batches

BATCH = 1000

ROLES = [
    ("decider", "Decider"),
    ("buyer", "Buyer"),
    ("influencer", "Influencer"),
    ("user", "User"),
    ("gatekeeper", "Gatekeeper"),
    ("coach", "Coach"),
]
#: From against us to for us, as on the map from left to right.
ATTITUDES = [
    ("opponent", "Opponent"),
    ("sceptic", "Sceptic"),
    ("neutral", "Neutral"),
    ("supporter", "Supporter"),
    ("champion", "Champion"),
]
INFLUENCES = [
    ("1", "Very Low"),
    ("2", "Low"),
    ("3", "Medium"),
    ("4", "High"),
    ("5", "Very High"),
]


class KeyAccountStakeholder(models.Model):
    """A contact of the customer, or a chair whose holder we don't know yet.

    What people judge is entered; how well we know them comes from what was written,
    said and met.
    """

    _name = "key.account.stakeholder"
    _description = "Stakeholder"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "key.account.server.written",
        "key.account.stakeholder.contact",
    ]
    _order = "influence desc, name, id"
    _check_company_auto = True
    _scope_fields = ("account_id",)

    account_id = fields.Many2one(
        "key.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        index="btree_not_null",
        ondelete="set null",
        tracking=True,
        domain="[('is_company', '=', False), ('id', 'child_of', group_customer_ids)]",
        help="Empty for a chair whose holder isn't known yet.",
    )
    group_customer_ids = fields.Many2many(
        "res.partner", compute="_compute_group_customer_ids"
    )
    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="The contact's name, or what the chair is called: “Purchasing director”.",
    )
    position = fields.Char(
        compute="_compute_position", store=True, readonly=False, precompute=True
    )
    phone = fields.Char(related="partner_id.phone")
    email = fields.Char(related="partner_id.email")
    is_placeholder = fields.Boolean(
        compute="_compute_is_placeholder",
        search="_search_is_placeholder",
        string="Not Known Yet",
    )
    buying_role = fields.Selection(ROLES, tracking=True, index=True)
    attitude = fields.Selection(
        ATTITUDES, required=True, default="neutral", tracking=True
    )
    influence = fields.Selection(INFLUENCES, required=True, default="3", tracking=True)
    reports_to_id = fields.Many2one(
        "key.account.stakeholder",
        string="Reports To",
        index="btree_not_null",
        ondelete="set null",
        tracking=True,
        domain="[('account_id', '=', account_id), ('id', '!=', id)]",
    )
    owner_id = fields.Many2one(
        "res.users",
        string="Our Owner",
        compute="_compute_owner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        check_company=True,
        help="Who of us looks after this stakeholder.",
    )
    coverage = fields.Selection(
        [
            ("none", "None"),
            ("brief", "Brief"),
            ("multiple", "Multiple"),
            ("deep", "Deep"),
        ],
        readonly=True,
        default="none",
        copy=False,
        index=True,
        help="From the days with a message, call or meeting: one is brief, two to four "
        "are multiple, five are deep.",
    )
    contact_days = fields.Integer(
        string="Days With Contact", readonly=True, copy=False, aggregator="avg"
    )
    last_contact_date = fields.Date(string="Last Contact", readonly=True, copy=False)
    left_date = fields.Date(
        string="Gone Since",
        readonly=True,
        copy=False,
        tracking=True,
        help="The contact was archived or works for another company.",
    )
    note = fields.Text(help="What drives this stakeholder, and what to bear in mind.")

    _account_partner_uniq = models.Constraint(
        "unique (account_id, partner_id)",
        "This contact is a stakeholder of the account already.",
    )

    @api.depends("partner_id.name")
    def _compute_name(self):
        for who in self:
            # A contact that is gone leaves its name.
            who.name = who.partner_id.name or who.name

    @api.depends("partner_id.function")
    def _compute_position(self):
        for who in self:
            who.position = who.partner_id.function or who.position

    @api.depends("partner_id")
    def _compute_is_placeholder(self):
        for who in self:
            who.is_placeholder = not who.partner_id

    @api.model
    def _search_is_placeholder(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Not stored: a contact that is deleted leaves an empty chair, too.
        empty = Domain("partner_id", "=", False)
        return empty if True in value else ~empty

    @api.depends("account_id")
    def _compute_owner_id(self):
        for who in self:
            who.owner_id = who.owner_id or who.account_id.manager_id

    @api.depends("account_id")
    def _compute_group_customer_ids(self):
        for account, members in self.grouped("account_id").items():
            members.group_customer_ids = account._get_group_customers()

    @api.constrains("partner_id", "account_id")
    def _check_partner_is_of_group(self):
        for account, members in self.grouped("account_id").items():
            contacts = members.filtered(lambda who: not who.left_date).partner_id
            if strangers := contacts - account._get_group_contacts(contacts):
                raise ValidationError(
                    self.env._(
                        "%(contact)s belongs to none of the companies of %(account)s. "
                        "Enter the contact below its company first.",
                        contact=strangers[0].display_name,
                        account=account.display_name,
                    )
                )

    @api.constrains("reports_to_id", "account_id")
    def _check_reports_to(self):
        if self._has_cycle("reports_to_id"):
            raise ValidationError(
                self.env._(
                    "A stakeholder can't report to themselves, directly or through "
                    "others."
                )
            )
        for who in self:
            upper = who.reports_to_id
            # sudo: only whether both belong to one group.
            roots = {each.account_id._get_root_id() for each in (who | upper).sudo()}
            if len(roots) > 1:
                raise ValidationError(
                    self.env._(
                        "%(upper)s isn't a stakeholder of the same group as %(name)s.",
                        upper=upper.name,
                        name=who.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        if not self._is_used():
            registry = self.env.registry
            registry.clear_cache()
            # Again after the commit: until then other processes read the old answer.
            self.env.cr.postcommit.add(registry.clear_cache)
        members._refresh_coverage()
        return members

    @api.model
    @ormcache()
    def _is_used(self):
        """Tell whether there is any stakeholder: each contact that moves asks."""
        # sudo: only whether there is one at all.
        return bool(self.sudo().search_count([("id", "!=", False)], limit=1))

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals:
            self._refresh_coverage()
        return result

    def _refresh_coverage(self):
        """Write from messages, calls and meetings how well they are covered."""
        if not self:
            return
        self.env.flush_all()
        self.env.cr.execute(self._coverage_sql(SQL("SELECT unnest(%s)", self.ids)))
        self.invalidate_recordset(["coverage", "contact_days", "last_contact_date"])

    @api.model
    def _cron_refresh_coverage(self):
        """Take the coverage of all stakeholders again, in batches."""
        in_batches(
            self.search([("left_date", "=", False)]),
            BATCH,
            lambda members: members._refresh_coverage(),
        )

    def _leave(self):
        """Note that these no longer work for the customer; what is known stays."""
        # sudo: a user who archives a contact needs no access to the account.
        for company, members in self.sudo().grouped("company_id").items():
            members.write({"left_date": company._get_key_account_today()})

    def action_leave(self):
        """Note that the stakeholder has left the customer."""
        self.check_access("write")
        self._leave()
        return True

    def action_return(self):
        """Take back that the stakeholder has left."""
        self.check_access("write")
        # sudo: the system's field; the right to edit was just asked for.
        self.sudo().left_date = False
        self._check_partner_is_of_group()
        return True

    @api.model
    def _search_of_contacts(self, partners):
        """Return the stakeholders that these contacts are, those who left as well."""
        # sudo: what happens to a contact counts for all accounts that know it.
        return self.sudo().search(Domain("partner_id", "in", partners.ids))
