# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

from ..tools.records import count_related, open_records
from .key_account_complaint_stage import READERS


class KeyAccountDocumentMixin(models.AbstractModel):
    _inherit = "key.account.document.mixin"

    #: The complaint's field that names this kind of document.
    _key_account_complaint_field = None

    key_account_complaint_count = fields.Integer(
        compute="_compute_key_account_complaint_count",
        groups=READERS,
        string="Complaints",
    )
    key_account_has_critical_complaint = fields.Boolean(
        string="Critical Complaint Open",
        compute="_compute_key_account_has_critical_complaint",
        groups="base.group_user",
        help="A critical complaint of the customer is open.",
    )

    def _compute_key_account_complaint_count(self):
        counts = count_related(
            self, "key.account.complaint", self._key_account_complaint_field
        )
        for doc in self:
            doc.key_account_complaint_count = counts.get(doc._origin.id, 0)

    @api.depends("key_account_id")
    def _compute_key_account_has_critical_complaint(self):
        # sudo: the reader learns that there is one, nothing more.
        counts = self.sudo().key_account_id._count_critical_complaints()
        for doc in self:
            account = doc.sudo().key_account_id
            doc.key_account_has_critical_complaint = counts.get(account.id, 0) > 0

    def action_view_key_account_complaints(self):
        """Open the complaints about this document; a new one is about it, too."""
        self.ensure_one()
        fname = self._key_account_complaint_field
        return open_records(
            self.env,
            "key_account_management.key_account_complaint_action",
            [(fname, "=", self.id)],
            context={
                f"default_{fname}": self.id,
                "default_partner_id": self.partner_id.id,
            },
        )
