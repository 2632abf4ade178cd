# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.loyalty.controllers.portal import CustomerPortalLoyalty
from odoo.addons.sale.controllers.portal import CustomerPortal


class KeyAccountPortalLoyalty(CustomerPortalLoyalty):
    """The company's points on the portal, for its own contacts only."""

    def _get_company_card_domain(self):
        """Return the domain of cards with a ledger that the user's company uses."""
        contact = request.env.user.partner_id
        if "points" not in contact._get_key_account_topics():
            return Domain.FALSE
        partner = contact.commercial_partner_id
        # sudo: portal users don't see key accounts; only the group's parent is read.
        KeyAccount = request.env["key.account"].sudo()
        accounts = KeyAccount.search(
            [("partner_id", "=", partner.id), ("state", "!=", "ended")]
        )
        domain = Domain("partner_id", "=", partner.id)
        for account in accounts:
            domain |= Domain(
                "partner_id", "=", account._get_group_line()[-1:].partner_id.id
            ) & Domain("program_id.key_account_balance_scope", "=", "group")
        return (
            domain
            & Domain("key_account_ledger", "=", True)
            & Domain("program_id.active", "=", True)
        )

    def _get_company_cards(self, domain=Domain.TRUE):
        # sudo: narrowed down to the cards of the user's own company.
        Card = request.env["loyalty.card"].sudo()
        return Card.search(domain & self._get_company_card_domain())

    def _get_company_card(self, card_id):
        return self._get_company_cards(Domain("id", "=", int(card_id)))

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if not counters:
            cards = self._get_company_cards()
            per_program = values["cards_per_programs"]
            for program, program_cards in cards.grouped("program_id").items():
                per_program[program] = per_program.get(program, cards.browse()) | (
                    program_cards
                )
        return values

    @route()
    def portal_get_card_history_values(self, card_id):
        values = super().portal_get_card_history_values(card_id)
        if values:
            return values
        card = self._get_company_card(card_id)
        if not card:
            return values
        rewards = card.program_id.reward_ids.filtered(
            lambda reward: reward.required_points <= card.points
        ).sorted("required_points", reverse=True)
        return {
            "card": {
                "id": card.id,
                "points_display": card.points_display,
                "expiration_date": card.expiration_date,
                "code": card.code,
            },
            "program": {
                "program_name": card.program_id.name,
                "program_type": card.program_id.program_type,
            },
            "history_lines": [
                {
                    "order_id": entry.order_id,
                    "description": entry.description,
                    "order_portal_url": entry._get_order_portal_url(),
                    "points": ("-" if entry.key_account_points < 0 else "+")
                    + card._format_points(abs(entry.key_account_points)),
                }
                for entry in card._get_statement_entries(5)
            ],
            "rewards": [
                {
                    "description": reward.description,
                    "points": card._format_points(reward.required_points),
                }
                for reward in rewards[:3]
            ],
            "img_path": f"/loyalty/static/src/img/{card.program_id.program_type}.svg",
        }

    @route()
    def portal_my_loyalty_card_history(self, card_id, page=1, sortby="date", **kw):
        card = self._get_company_card(card_id)
        if not card:
            return super().portal_my_loyalty_card_history(card_id, page, sortby, **kw)
        return request.render(
            "key_account_management.portal_points_statement",
            {
                "card": card,
                "entries": card._get_statement_entries(200),
                "expiring": card._get_expiring_points(90),
                "page_name": "loyalty_history",
            },
        )


class KeyAccountSalePortal(CustomerPortal):
    """Rewards on quotations that the customer sees on the portal."""

    @route(
        "/my/orders/<int:order_id>/redeem/<int:reward_id>",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_redeem_points(self, order_id, reward_id, access_token=None, **kw):
        """Take a reward for points on a quotation that is still open."""
        try:
            order = self._document_check_access(
                "sale.order", order_id, access_token=access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        message = "points_redeemed"
        try:
            order._redeem_points(reward_id, request.env.user)
        except UserError:
            message = "points_gone"
        return request.redirect(
            order.get_portal_url(query_string=f"&message={message}")
        )
