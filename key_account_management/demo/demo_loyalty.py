# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Points of the demo company: some are spent, and one customer brings another."""

from odoo import Command

from .demo_records import ref


def load_loyalty(env):
    """Spend points on an order, offer them on a quotation, note down a referral."""
    env["loyalty.card"]._get_cards_with_lapsed_points()._expire()
    order = make_order(env, "heidekrug", "katrin", "KT", 12)
    for card, reward in order._get_point_offers()[:1]:
        order._apply_program_reward(reward, card)
        order._update_programs_and_rewards()
    order.action_confirm()
    # Here the buyer can take the reward on the portal.
    make_order(env, "frischepunkt", "tobias", "RH", 30).action_quotation_sent()
    make_referral(env)


def make_order(env, customer, seller, code, quantity):
    """Write a quotation with the first product whose code begins so."""
    product = env["product.product"].search(
        [("company_id", "=", env.company.id), ("default_code", "=like", f"{code}%")],
        order="default_code",
        limit=1,
    )
    order = env["sale.order"].create(
        {
            "partner_id": ref(env, f"customer_{customer}").id,
            "user_id": ref(env, f"user_{seller}").id,
            "team_id": ref(env, "team").id,
            "order_line": [
                Command.create({"product_id": product.id, "product_uom_qty": quantity})
            ],
        }
    )
    order._update_programs_and_rewards()
    return order


def make_referral(env):
    lead = env["crm.lead"].create(
        {
            "name": "Erstausstattung Strandhotel Möwe",
            "partner_name": "Strandhotel Möwe GmbH",
            "contact_name": "Wiebke Janssen",
            "email_from": "w.janssen@strandhotel-moewe.example.com",
            "user_id": ref(env, "user_tobias").id,
            "team_id": ref(env, "team").id,
            "company_id": env.company.id,
        }
    )
    env["key.account.referral"].create(
        {
            "account_id": ref(env, "account_nordlicht").id,
            "lead_id": lead.id,
            "program_id": ref(env, "loyalty_program").id,
            "date": env.company._get_key_account_today(),
            "note": "Herr Thomsen hat uns auf der Internorga empfohlen.",
        }
    )
