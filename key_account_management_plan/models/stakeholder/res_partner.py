# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class ResPartner(models.Model):
    """Contacts who leave the customer stay on the map as those who have left."""

    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        moved = not {"active", "parent_id", "is_company"}.isdisjoint(vals)
        if moved and self.env["key.account.stakeholder"]._is_used():
            self._follow_stakeholders()
        return result

    def _follow_stakeholders(self):
        """Note on stakeholders that they have left the group, or are back."""
        members = self.env["key.account.stakeholder"]._search_of_contacts(self)
        gone = members.browse()
        for account, group in members.grouped("account_id").items():
            contacts = account._get_group_contacts(group.partner_id)
            gone += group.filtered(
                lambda who, contacts=contacts: who.partner_id not in contacts
                or not who.partner_id.active
            )
        gone.filtered(lambda who: not who.left_date)._leave()
        (members - gone).filtered("left_date").left_date = False
