# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from hashlib import sha256

from odoo import api, fields, models


class KeyAccountAgreement(models.Model):
    """Bonuses are a part of the agreement: decided, amended and ended with it."""

    _inherit = "key.account.agreement"

    rebate_ids = fields.One2many(
        "key.account.rebate", "agreement_id", string="Bonuses", copy=False
    )

    @api.model
    def _agreed_fields(self):
        return super()._agreed_fields() | {"rebate_ids"}

    @api.model
    def _digest_fields(self):
        return super()._digest_fields() - {"rebate_ids"}

    def _get_digest(self):
        """Put the bonuses into the fingerprint; without any it is what it was."""
        digest = super()._get_digest()
        # sudo: the same for every reader.
        rebates = self.sudo().rebate_ids.sorted("id")
        if not rebates:
            return digest
        content = [digest, *(rebate._get_agreed_text() for rebate in rebates)]
        return sha256("\n".join(content).encode()).hexdigest()

    def _approval_terms(self):
        terms = super()._approval_terms()
        for rebate in self.rebate_ids:
            terms |= {
                f"rebate_{rebate.id}_{name}": term
                for name, term in rebate._approval_terms().items()
            }
        return terms

    def _decision_groups(self):
        """Who decides has to be able to decide on each of the bonuses, too."""
        groups = super()._decision_groups()
        for rebate in self.rebate_ids:
            allowed = rebate._decision_groups()
            groups = [group for group in groups if group in allowed]
        return groups

    def action_submit_approval(self):
        self.check_access("write")
        self.rebate_ids._check_ready()
        return super().action_submit_approval()

    def _write_approval(self, approval, **values):
        result = super()._write_approval(approval, **values)
        self.rebate_ids._write_approval(approval)
        return result

    def action_amend(self):
        """Take the bonuses over into the next version."""
        action = super().action_amend()
        # sudo: access was checked, and the new version is the user's.
        amendment = self.browse(action["res_id"]).sudo()
        for rebate in self.rebate_ids:
            rebate._copy_as_next(
                agreement_id=amendment.id, date_start=amendment.date_start
            )
        return action
