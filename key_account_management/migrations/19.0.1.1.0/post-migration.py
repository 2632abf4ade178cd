# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Rules that updates leave alone: roles on the portal, managers of products."""

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


#: Product managers can still write every price list as account managers.
PRICELIST_RULES = (
    "rule_product_pricelist_sale_manager",
    "rule_product_pricelist_item_sale_manager",
)


def migrate(cr, version):
    """Bring the rules up to date where they are as we delivered them."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, field in RULES.items():
        rule = env.ref(f"key_account_management.{name}", raise_if_not_found=False)
        if rule and f"('{field}', {OLD}" in (rule.domain_force or ""):
            rule.domain_force = rule.domain_force.replace(OLD, NEW)
    managers = env.ref("product.group_product_manager")
    for name in PRICELIST_RULES:
        rule = env.ref(f"key_account_management.{name}", raise_if_not_found=False)
        if rule:
            rule.groups += managers
