# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models

from .key_account_tier import CRITERIA


class KeyAccountTierFigure(models.Model):
    """What a criterion came to when a tier changed, beside its thresholds."""

    _name = "key.account.tier.figure"
    _description = "Figure of a Change of Tier"
    _inherit = ["key.account.server.written"]
    _order = "change_id, date_to desc, id"
    _rec_name = "criterion"

    change_id = fields.Many2one(
        "key.account.tier.change",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    account_id = fields.Many2one(related="change_id.account_id", store=True)
    company_id = fields.Many2one(related="change_id.company_id", store=True)
    criterion = fields.Selection(
        [
            ("revenue_12m", "Revenue"),
            ("margin_rate", "Margin (%)"),
            ("order_count_12m", "Orders"),
            ("days_to_pay", "Days to Pay"),
        ],
        required=True,
        readonly=True,
    )
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="Until", readonly=True)
    value = fields.Float(readonly=True, aggregator=None)
    is_known = fields.Boolean(
        string="Known", readonly=True, help="Whether there were documents to tell."
    )
    threshold_new = fields.Float(
        string="To Enter the New Tier",
        readonly=True,
        aggregator=None,
        help="0: the new tier doesn't ask for it.",
    )
    threshold_old = fields.Float(
        string="To Stay in the Old Tier",
        readonly=True,
        aggregator=None,
        help="0: the old tier doesn't ask for it.",
    )

    def _prepare_figures(self, windows, old, new):
        """Return the values of all criteria in each period.

        :param windows: list of ``Window``, see the engine
        :param old: the tier that is left, empty for none
        :param new: the tier that is entered, empty for none
        :return: list of dict
        """
        entry = new._get_criteria() if new else {}
        keep = old._get_criteria() if old else {}
        return [
            {
                "criterion": name,
                "date_from": window.first,
                "date_to": window.last,
                "value": window.figures[name] or 0.0,
                "is_known": window.figures[name] is not None,
                "threshold_new": entry.get(name, (0, 0))[0],
                # Where nothing is said about staying, the threshold to enter holds.
                "threshold_old": keep.get(name, (0, 0))[1] or keep.get(name, (0, 0))[0],
            }
            for window in windows
            for name in CRITERIA
        ]
