# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    key_account_ids = fields.One2many(
        "key.account",
        "partner_id",
        string="Key Accounts of All Companies",
        groups="key_account_management.group_key_account_user",
    )
    key_account_id = fields.Many2one(
        "key.account",
        compute="_compute_key_account_id",
        search="_search_key_account_id",
        compute_sudo=True,
        groups="key_account_management.group_key_account_user",
        help="Of the current company; a contact has that of its company.",
    )
    key_account_manager_id = fields.Many2one(
        "res.users",
        compute="_compute_key_account_id",
        search="_search_key_account_manager_id",
        compute_sudo=True,
        groups="base.group_user",
    )
    key_account_portal_role = fields.Selection(
        [
            ("purchasing", "Purchasing"),
            ("service", "Service"),
        ],
        string="Key Account on the Portal",
        # Readable for all: core copies contacts with what their fields say.
        groups="base.group_user",
        help="What this contact sees of the key account on the customer portal. Empty: "
        "everything.",
    )

    @api.depends(
        "commercial_partner_id.key_account_ids.active",
        "commercial_partner_id.key_account_ids.state",
        "commercial_partner_id.key_account_ids.manager_id",
    )
    @api.depends_context("company")
    def _compute_key_account_id(self):
        KeyAccount = self.env["key.account"]
        accounts = KeyAccount._get_by_partner(self, self.env.company, with_group=False)
        for partner in self:
            account = accounts.get(partner.commercial_partner_id._origin.id, KeyAccount)
            partner.key_account_id = account
            partner.key_account_manager_id = account.manager_id

    @api.model
    def _search_key_account_field(self, fname, operator, value):
        """Search customers by a field of their key account in the current company.

        :param str fname: ``id``, ``tier_id`` or ``manager_id``
        """
        if operator not in ("in", "any", "ilike", "=ilike", "like"):
            return NotImplemented
        account, accounts = self._get_searched_accounts(operator, value)

        def customers_of(condition):
            query = accounts._search(account & condition)
            return query.subselect(SQL.identifier(query.table, "partner_id"))

        if operator == "in" and False in value:
            # Customers without the value: all but those who have one.
            no_value = Domain(
                "commercial_partner_id",
                "not in",
                customers_of(Domain(fname, "!=", False)),
            )
            rest = [item for item in value if item]
            if not rest:
                return no_value
            return no_value | self._search_key_account_field(fname, "in", rest)
        if fname == "id" and operator == "any":
            condition = Domain(value)
        elif fname == "id" and operator != "in":
            condition = Domain("display_name", operator, value)
        else:
            condition = Domain(fname, operator, value)
        return Domain("commercial_partner_id", "in", customers_of(condition))

    @api.model
    def _get_searched_accounts(self, operator, value):
        """Return which accounts count in a search, and the model to search in."""
        # The accounts that _get_by_partner() finds; archived ones never count.
        account = Domain(
            [
                ("company_id", "=", self.env.company.id),
                ("state", "!=", "ended"),
                ("active", "=", True),
            ]
        )
        # sudo: clerks search by tier and manager, whose names they see on customers.
        # Conditions on anything else need access to the accounts.
        by_name = operator != "any" or all(
            condition.field_expr in ("id", "display_name")
            for condition in Domain(value).iter_conditions()
        )
        return account, self.env["key.account"].sudo(by_name or self.env.su)

    @api.model
    def _search_key_account_id(self, operator, value):
        return self._search_key_account_field("id", operator, value)

    @api.model
    def _search_key_account_manager_id(self, operator, value):
        return self._search_key_account_field("manager_id", operator, value)

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        # A new contact with a role sees less than one without: anybody can give one.
        if any(vals.get("key_account_portal_role") for vals in vals_list):
            self.env.registry.clear_cache()
        return partners

    def write(self, vals):
        moves = not {"parent_id", "is_company"}.isdisjoint(vals)
        before = self.commercial_partner_id if moves else self.browse()
        result = super().write(vals)
        if not {"parent_id", "is_company", "active"}.isdisjoint(vals):
            self._check_key_account_customer()
        if moves and before != self.commercial_partner_id:
            self._follow_to_other_customer(before)
        if "key_account_portal_role" in vals:
            self._check_portal_role()
            # Odoo caches the record rules of a user; some of them follow the role.
            self.env.registry.clear_cache()
        return result

    def _check_portal_role(self):
        """Refuse to decide what contacts of a colleague's account see on the portal.

        :raise AccessError: where the user can't write the account
        """
        if not self.env.su:
            # sudo: to find the account; the user's access is asked below.
            accounts = self.sudo().commercial_partner_id.key_account_ids
            accounts.with_env(self.env).check_access("write")

    def _follow_to_other_customer(self, before):
        """Let open documents of these contacts follow them to another customer.

        :param before: the companies that they belonged to
        """
        # sudo: orders and accounts of colleagues follow as well.
        customers = (before | self.commercial_partner_id).ids
        Account = self.env["key.account"].sudo().with_context(active_test=False)
        accounts = Account.search([("partner_id", "in", customers)])
        if not accounts:
            return
        orders = self._get_orders_to_follow(["draft", "sent"])
        self.env.add_to_compute(orders._fields["key_account_id"], orders)
        # What is confirmed stays with its account; what has none comes to this one.
        self._get_ordinary_orders()._set_key_account()
        self._keep_customer_of_orders()
        accounts._after_customer_change()

    def _get_ordinary_orders(self):
        """Return confirmed orders of these contacts that are of no account (sudo)."""
        orders = self._get_orders_to_follow(["sale"])
        return orders.filtered(lambda order: not order.key_account_id)

    def _get_orders_to_follow(self, states):
        """Return the orders of these contacts that aren't invoiced in full (sudo).

        :param list states: of the orders
        """
        # sudo: orders of colleagues follow as well.
        return (
            self.env["sale.order"]
            .sudo()
            .search(
                [
                    ("partner_id", "child_of", self.ids),
                    ("state", "in", states),
                    ("invoice_status", "!=", "invoiced"),
                ]
            )
        )

    def _keep_customer_of_orders(self):
        """Let orders that are closed go on counting for the account that they have."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE sale_order SET key_account_partner_id =
                       NULLIF(account.partner_id, contact.commercial_partner_id)
                  FROM key_account account, res_partner contact
                 WHERE account.id = sale_order.key_account_id
                   AND contact.id = sale_order.partner_id
                   AND sale_order.state NOT IN ('draft', 'sent')
                   AND contact.id = ANY(%s)
                """,
                self.env["res.partner"]
                .with_context(active_test=False)
                .search([("id", "child_of", self.ids)])
                .ids,
            )
        )
        self.env["sale.order"].invalidate_model(["key_account_partner_id"])

    def _check_key_account_customer(self):
        """Refuse changes that would leave a key account without its customer."""
        # sudo: editing a customer must not break the account of a colleague.
        KeyAccount = self.env["key.account"].sudo()
        accounts = KeyAccount.search(
            [("partner_id", "in", self.ids), ("state", "!=", "ended")]
        )
        for partner in accounts.partner_id:
            if partner.commercial_partner_id != partner:
                raise ValidationError(
                    self.env._(
                        "%s is a key account and can't become a contact of another "
                        "company. End the key account first.",
                        partner.display_name,
                    )
                )
            if not partner.active:
                raise ValidationError(
                    self.env._(
                        "%s is a key account. End the key account before you archive "
                        "the customer.",
                        partner.display_name,
                    )
                )

    def _get_company_line(self):
        """Return the customer's company and the companies above it, nearest first."""
        self.ensure_one()
        # sudo: the line may pass through companies that the user can't read.
        line = company = self.commercial_partner_id.sudo()
        while company := company.parent_id.commercial_partner_id - line:
            line += company
        return line

    def action_view_key_account(self):
        """Open the customer's key account."""
        self.ensure_one()
        if not self.key_account_id:
            raise UserError(
                self.env._("%s is not a key account.", self.commercial_partner_id.name)
            )
        return self.key_account_id._get_records_action(context={})

    def action_make_key_account(self):
        """Open the wizard that makes these customers key accounts."""
        self.check_access("read")
        return self.env["key.account.create"]._get_records_action(
            name=self.env._("Make Key Account"),
            target="new",
            context={"active_model": self._name, "active_ids": self.ids},
        )

    @api.model
    def _key_account_topics(self):
        """Return what customers may see on the portal; each room adds its topic.

        :return: dict of topic -> set of the roles on the portal that see it; contacts
            without a role see everything
        """
        return {}

    def _get_key_account_topics(self):
        """Return what this contact may see on the portal.

        :return: set of topics, see :meth:`_key_account_topics`
        """
        self.ensure_one()
        # sudo: the role is for our people to read; what it opens is the contact's.
        role = self.sudo().key_account_portal_role
        topics = self._key_account_topics()
        return {name for name, roles in topics.items() if not role or role in roles}
