# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command, models


class MailingList(models.Model):
    _inherit = "mailing.list"

    def _add_key_account_contacts(self, partners):
        """Add partners to the list who aren't on it; who opted out stays so.

        A person is known by the address: who is on another list already is the same
        contact here.

        :param partners: partners with an email address
        """
        self.ensure_one()
        addresses = {partner.email_normalized: partner for partner in partners}
        Contact = self.env["mailing.contact"]
        known = Contact.search(
            [("email_normalized", "in", list(addresses))], order="id desc"
        )
        contacts = {contact.email_normalized: contact for contact in known}
        here = set(self.contact_ids.mapped("email_normalized"))
        new = Contact.create(
            [
                {
                    "name": partner.name,
                    "email": partner.email,
                    "company_name": partner.commercial_company_name,
                    "country_id": partner.country_id.id,
                }
                for address, partner in addresses.items()
                if address not in contacts
            ]
        )
        self.contact_ids = [
            Command.link(contact.id)
            for contact in [*contacts.values(), *new]
            if contact.email_normalized not in here
        ]
