# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class KeyAccountAgreement(models.Model):
    """The page on which the customer reads and accepts an agreement."""

    _inherit = "key.account.agreement"

    def action_preview(self):
        """Open the page that the customer sees."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "target": "self",
            "url": self.get_portal_url(),
        }

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for agreement in self:
            agreement.access_url = f"/my/agreements/{agreement.id}"
        return result

    def _accept(self, name, signature):
        """Record the customer's acceptance, given on the portal.

        :param str name: who signs
        :param signature: base64 of the image
        """
        self.ensure_one()
        # sudo: the controller has checked that the customer may see the agreement.
        agreement = self.sudo()
        agreement.write(
            {
                "signed_by": name,
                "signed_on": fields.Datetime.now(),
                "signature": signature,
            }
        )
        agreement.message_post(
            body=self.env._("Accepted and signed by %s on the portal.", name),
            author_id=self.env.user.partner_id.id
            if not self.env.user._is_public()
            else agreement.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )
