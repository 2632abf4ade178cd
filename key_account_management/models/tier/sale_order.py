# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.tools import format_date, formatLang


class SaleOrder(models.Model):
    """Tell how far the customer is from the next tier while more can be ordered."""

    _inherit = "sale.order"

    def _nudge_texts(self, account, amount):
        texts = super()._nudge_texts(account, amount)
        tier_text = self._tier_nudge(account, amount)
        return [*texts, tier_text] if tier_text else texts

    def _tier_nudge(self, account, amount):
        """Tell how much revenue is missing to the next better tier, if it is near.

        Near means a quarter of the threshold or less, and no other criterion forbids
        the tier.
        """
        tiers = account._get_revenue_tiers()
        if not tiers:
            return False
        window = account._get_windows()[account.id][0]
        tier, missing = account._get_near_tier(tiers, 0.25, window, amount, orders=1)
        return self._tier_nudge_text(tier, missing) if tier else False

    def _tier_nudge_text(self, tier, missing):
        """Name the tier, what is missing to it, and what it costs us."""
        company, currency = self.company_id, self.company_id.currency_id
        amount = formatLang(self.env, missing, currency_obj=currency)
        if period_of := company._get_key_account_tier_period_of():
            _first, last = period_of(company._get_key_account_today())
            text = self.env._(
                "%(missing)s more revenue until %(day)s reaches tier %(tier)s.",
                missing=amount,
                day=format_date(self.env, last),
                tier=tier.name,
            )
        else:
            text = self.env._(
                "%(missing)s more revenue within twelve months reaches tier %(tier)s.",
                missing=amount,
                tier=tier.name,
            )
        if not tier.pricelist_id:
            return text
        change = formatLang(self.env, self._margin_change(tier), currency_obj=currency)
        return f"{text} " + self.env._(
            "The customer would get the price list “%(list)s”, and our margin on this "
            "order would change by %(change)s.",
            list=tier.pricelist_id.name,
            change=change,
        )

    def _margin_change(self, tier):
        """Return the change of this order's margin at the prices of a tier.

        :return: amount in company currency, negative where the margin shrinks
        """
        self.ensure_one()
        change = 0.0
        for line in self.order_line:
            if not line.product_id or line.display_type:
                continue
            price = tier.pricelist_id._get_product_price(
                line.product_id,
                currency=self.currency_id,
                quantity=line.product_uom_qty,
                uom=line.product_uom_id,
                date=self.date_order,
            )
            gross = line.price_unit * (1 - line.discount / 100)
            share = line.price_subtotal / gross if gross else 0.0
            change += price * share - line.price_subtotal
        return self._to_company_currency(change)
