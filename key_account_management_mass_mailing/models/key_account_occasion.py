# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command, fields, models
from odoo.exceptions import UserError

from odoo.addons.key_account_management.models.tools.records import open_records


class KeyAccountOccasion(models.Model):
    """An occasion that is announced by a mailing."""

    _inherit = "key.account.occasion"

    mailing_list_id = fields.Many2one(
        "mailing.list",
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        groups="mass_mailing.group_mass_mailing_user",
        help="The stakeholders whom the filter finds are added to this list.",
    )
    mailing_count = fields.Integer(
        related="mailing_list_id.mailing_count",
        string="Mailings",
        groups="mass_mailing.group_mass_mailing_user",
    )

    def action_new_mailing(self):
        """Fill the mailing list by the filter and open a new mailing to it.

        :return: action with the form of the mailing
        :raise UserError: where the filter finds no stakeholder with an address
        """
        self.ensure_one()
        self.check_access("write")
        found = self._find_stakeholders().filtered("partner_id.email_normalized")
        if not found:
            raise UserError(
                self.env._("The filter finds no stakeholder with an email address.")
            )
        if not self.mailing_list_id:
            self.mailing_list_id = self.env["mailing.list"].create({"name": self.name})
        self.mailing_list_id._add_key_account_contacts(found.partner_id)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mailing"),
            "res_model": "mailing.mailing",
            "views": [(False, "form")],
            "context": {
                "default_subject": self.name,
                "default_mailing_model_id": self.env["ir.model"]._get_id(
                    "mailing.list"
                ),
                "default_contact_list_ids": [Command.set(self.mailing_list_id.ids)],
                "default_user_id": self.user_id.id,
            },
        }

    def action_view_mailings(self):
        """Open the mailings to the list: sent, opened, clicked, answered."""
        self.ensure_one()
        self.check_access("read")
        return open_records(
            self.env,
            "mass_mailing.mailing_mailing_action_mail",
            [("contact_list_ids", "in", self.mailing_list_id.ids)],
        )
