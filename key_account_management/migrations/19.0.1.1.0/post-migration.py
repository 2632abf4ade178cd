# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Agreements are hidden from contacts whose role on the portal doesn't include them."""

from odoo import SUPERUSER_ID, api

RULES = {
    "rule_key_account_agreement_portal": "partner_id",
    "rule_key_account_commitment_portal": "agreement_id.partner_id",
}
OLD = "'=', user.partner_id.commercial_partner_id.id)"
NEW = (
    "'=', not user.partner_id.key_account_portal_role "
    "and user.partner_id.commercial_partner_id.id)"
)


def migrate(cr, version):
    """Put the role into the rules, which updates leave alone (noupdate)."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, field in RULES.items():
        rule = env.ref(f"key_account_management.{name}", raise_if_not_found=False)
        if rule and f"('{field}', {OLD}" in (rule.domain_force or ""):
            rule.domain_force = rule.domain_force.replace(OLD, NEW)
