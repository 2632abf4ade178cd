# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models
from odoo.fields import Domain

from .key_account_complaint_stage import READERS


class KeyAccountDocumentMixin(models.AbstractModel):
    _inherit = "key.account.document.mixin"

    complaint_count = fields.Integer(
        compute="_compute_complaint_count", groups=READERS, string="Complaints"
    )
    has_critical_complaint = fields.Boolean(
        compute="_compute_has_critical_complaint",
        groups="base.group_user",
        help="A critical complaint of the customer is open.",
    )

    def _complaint_field(self):
        """Return the complaint's field that names this kind of document."""
        raise NotImplementedError

    def _compute_complaint_count(self):
        fname = self._complaint_field()
        counts = dict(
            self.env["key.account.complaint"]._read_group(
                [(fname, "in", self.ids)], [fname], ["__count"]
            )
            if self.ids
            else ()
        )
        for doc in self:
            doc.complaint_count = counts.get(doc._origin, 0)

    def _compute_has_critical_complaint(self):
        # sudo: the clerk shall know that there is one, not read it.
        accounts = self.sudo().key_account_id
        counts = accounts._count_critical_complaints()
        for doc in self:
            doc.has_critical_complaint = counts.get(doc.sudo().key_account_id.id, 0) > 0

    def action_view_complaints(self):
        """Open the complaints about this document; a new one is about it, too."""
        self.ensure_one()
        fname = self._complaint_field()
        return self.env["key.account.complaint"]._action_for(
            Domain(fname, "=", self.id),
            {
                f"default_{fname}": self.id,
                "default_partner_id": self.partner_id.id,
            },
        )
