# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.key_account_management.models.tools.records import (
    count_related,
    open_page,
)


class KeyAccount(models.Model):
    _inherit = "key.account"

    stakeholder_ids = fields.One2many(
        "key.account.stakeholder", "account_id", string="Stakeholders"
    )
    stakeholder_count = fields.Integer(
        compute="_compute_stakeholder_count", string="Number of Stakeholders"
    )

    def _compute_stakeholder_count(self):
        counts = count_related(
            self, "key.account.stakeholder", "account_id", [("left_date", "=", False)]
        )
        for account in self:
            account.stakeholder_count = counts[account.id]

    @api.model
    def _contact_threads_sql(self):
        """Calls with a stakeholder are contact with the account."""
        return SQL(
            """
            %s
         UNION ALL
            SELECT 'key.account.stakeholder', known.id
              FROM key_account_stakeholder known WHERE known.account_id = account.id
            """,
            super()._contact_threads_sql(),
        )

    def _get_root_id(self):
        """Return the id of the account at the top of the group."""
        self.ensure_one()
        return int(self.parent_path.split("/")[0])

    def _get_group_customers(self):
        """Return the customers of all accounts of these accounts' groups, as superuser.

        :return: ``res.partner`` records
        """
        # sudo: only who belongs to the group; callers show what the user may read.
        everybody = self.sudo().with_context(active_test=False)
        roots = [account._get_root_id() for account in everybody]
        return everybody.search([("id", "child_of", roots)]).partner_id

    def _get_group_contacts(self, contacts):
        """Return those of some contacts who work for a company of the group.

        :param contacts: ``res.partner`` records, archived ones may be among them
        """
        customers = self._get_group_customers()
        # sudo: see _get_group_customers.
        Partner = contacts.sudo().with_context(active_test=False)
        return Partner.search(
            Domain("id", "in", contacts.ids) & Domain("id", "child_of", customers.ids)
        )

    def action_view_stakeholders(self):
        """Open the map of the account's stakeholders.

        :return: client action
        """
        self.ensure_one()
        self.check_access("read")
        return open_page(
            self.env,
            "key_account_management_plan.key_account_stakeholder_action_map",
            self.env._("Stakeholders of %s", self.display_name),
            account_id=self.id,
        )

    def action_add_stakeholders(self):
        """Put all of the customer's contacts on the map that aren't there yet.

        :return: True
        """
        self.ensure_one()
        self.check_access("write")
        contacts = self.env["res.partner"].search(
            Domain("commercial_partner_id", "=", self.partner_id.id)
            & Domain("is_company", "=", False)
            & Domain("type", "=", "contact")
        )
        known = self.env["key.account.stakeholder"].search(
            [("account_id", "=", self.id), ("partner_id", "in", contacts.ids)]
        )
        self.env["key.account.stakeholder"].create(
            [
                {"account_id": self.id, "partner_id": contact.id}
                for contact in contacts - known.partner_id
            ]
        )
        return True
