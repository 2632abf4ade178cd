# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.key_account_management.tests.common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestMailing(KeyAccountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.key_account_data_minimum = 0
        company = cls.anna.commercial_partner_id
        cls.people = cls.env["res.partner"].create(
            [
                {
                    "name": "Bodo",
                    "email": "Bodo <bodo@kunde.example>",
                    "parent_id": company.id,
                },
                {
                    "name": "Carla",
                    "email": "carla@kunde.example",
                    "parent_id": company.id,
                },
                {"name": "Ohne Adresse", "parent_id": company.id},
            ]
        )
        cls.env["key.account.stakeholder"].create(
            [
                {"account_id": cls.account.id, "partner_id": partner.id}
                for partner in cls.people
            ]
        )
        cls.occasion = (
            cls.env["key.account.occasion"]
            .with_user(cls.kam)
            .create(
                {
                    "name": "Aktion im Mai",
                    "kind": "promotion",
                    "start": fields.Datetime.now() + timedelta(days=20),
                }
            )
        )

    def let_mail(self):
        group = self.env.ref("mass_mailing.group_mass_mailing_user")
        self.kam.group_ids = [Command.link(group.id)]

    def test_stakeholders_become_a_mailing_list_once(self):
        self.let_mail()
        # Known from another list, in other letters: the same contact.
        known = (
            self.env["mailing.contact"]
            .sudo()
            .create({"name": "B.", "email": "BODO@kunde.example"})
        )
        action = self.occasion.action_new_mailing()
        contacts = self.occasion.sudo().mailing_list_id.contact_ids
        self.assertEqual(
            sorted(contacts.mapped("email_normalized")),
            ["bodo@kunde.example", "carla@kunde.example"],
        )
        self.assertIn(known, contacts)
        carla = contacts - known
        self.assertEqual(carla.company_name, self.people[1].commercial_company_name)
        with Form(
            self.env["mailing.mailing"]
            .with_user(self.kam)
            .with_context(**action["context"])
        ) as form:
            form.subject = form.subject or "?"
        mailing = form.record
        self.assertEqual(mailing.subject, "Aktion im Mai")
        self.assertEqual(mailing.contact_list_ids.contact_ids.ids, contacts.ids)
        self.assertEqual(self.occasion.mailing_count, 1)
        domain = self.occasion.action_view_mailings()["domain"]
        self.assertEqual(mailing.search(domain), mailing)

    def test_who_opted_out_stays_out(self):
        self.let_mail()
        self.occasion.action_new_mailing()
        subscriptions = self.occasion.sudo().mailing_list_id.subscription_ids
        subscriptions[0].opt_out = True
        newcomer = self.people[0].copy({"email": "emil@kunde.example"})
        self.env["key.account.stakeholder"].create(
            {"account_id": self.account.id, "partner_id": newcomer.id}
        )
        self.occasion.action_new_mailing()
        now = self.occasion.sudo().mailing_list_id.subscription_ids
        self.assertEqual(len(now), 3)
        self.assertEqual(now.filtered("opt_out"), subscriptions[0])

    def test_addresses_and_rights_are_needed(self):
        self.assertNotIn("mailing_list_id", self.occasion.fields_get())
        with self.assertRaises(AccessError):
            self.occasion.action_new_mailing()
        self.let_mail()
        self.occasion.stakeholder_domain = "[('name', '=', 'Ohne Adresse')]"
        with self.assertRefused("email address"):
            self.occasion.action_new_mailing()
