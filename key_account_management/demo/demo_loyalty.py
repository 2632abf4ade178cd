# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Points of the demo company: some are spent, and one customer brings another."""

from odoo import Command

MODULE = "key_account_management"


def load_loyalty(env):
    """Spend points on an order, offer them on a quotation, write a referral down."""

    def ref(name):
        return env.ref(f"{MODULE}.demo_{name}")

    program = ref("loyalty_program")
    env["loyalty.card"]._get_cards_with_lapsed_points()._expire()
    for customer, seller, code, quantity, confirm in (
        ("heidekrug", "katrin", "KT", 12, True),
        ("frischepunkt", "tobias", "RH", 30, False),
    ):
        product = env["product.product"].search(
            [
                ("company_id", "=", env.company.id),
                ("default_code", "=like", f"{code}%"),
            ],
            order="default_code",
            limit=1,
        )
        order = env["sale.order"].create(
            {
                "partner_id": ref(f"customer_{customer}").id,
                "user_id": ref(f"user_{seller}").id,
                "team_id": ref("team").id,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "product_uom_qty": quantity}
                    )
                ],
            }
        )
        order._update_programs_and_rewards()
        if not confirm:
            # The buyer may take the reward on the portal.
            order.action_quotation_sent()
            continue
        for card, reward in order._get_point_offers()[:1]:
            order._apply_program_reward(reward, card)
            order._update_programs_and_rewards()
        order.action_confirm()
    lead = env["crm.lead"].create(
        {
            "name": "Erstausstattung Strandhotel Möwe",
            "partner_name": "Strandhotel Möwe GmbH",
            "contact_name": "Wiebke Janssen",
            "email_from": "w.janssen@strandhotel-moewe.example.com",
            "user_id": ref("user_tobias").id,
            "team_id": ref("team").id,
            "company_id": env.company.id,
        }
    )
    env["key.account.referral"].create(
        {
            "account_id": ref("account_nordlicht").id,
            "lead_id": lead.id,
            "program_id": program.id,
            "date": env.company._get_key_account_today(),
            "note": "Herr Thomsen hat uns auf der Internorga empfohlen.",
        }
    )
