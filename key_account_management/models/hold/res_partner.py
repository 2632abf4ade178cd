# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from .order_judgement import judged


class ResPartner(models.Model):
    """Orders that come to a key account with a contact are judged like new ones."""

    _inherit = "res.partner"

    def _follow_to_other_customer(self, before):
        with judged(self._get_ordinary_orders()):
            return super()._follow_to_other_customer(before)
