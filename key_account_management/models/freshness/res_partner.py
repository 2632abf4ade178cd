# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class ResPartner(models.Model):
    """A contact of a key account says when its data was last verified."""

    _name = "res.partner"
    _inherit = ["res.partner", "key.account.server.written"]

    key_account_verified_date = fields.Date(
        string="Verified on",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="When somebody last looked whether what we know of this contact is right.",
    )
    key_account_verified_user_id = fields.Many2one(
        "res.users",
        string="Verified by",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    def action_verify_key_account_data(self):
        """Note that the data of these contacts was looked at today and is right.

        :return: True
        :raise AccessError: unless the user may edit the contacts
        """
        self.check_access("write")
        # sudo: only the system writes who verified and when; the right to edit the
        # contact was just asked for.
        for company, partners in self.sudo().grouped("company_id").items():
            today = (company or self.env.company)._get_key_account_today()
            partners.write(
                {
                    "key_account_verified_date": today,
                    "key_account_verified_user_id": self.env.uid,
                }
            )
        return True
