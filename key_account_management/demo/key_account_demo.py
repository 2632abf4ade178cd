# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class KeyAccountDemo(models.AbstractModel):
    """Gives the demo data files access to their code."""

    _name = "key.account.demo"
    _description = "Demo Data of Key Accounts"

    @api.model
    def _load_year(self):
        """Make a year of documents for the demo company, once."""
        # Imported here: only databases with demo data need it.
        from . import demo_flow

        demo_flow.load_year(self.env)

    @api.model
    def _load_complaints(self):
        """Make a few complaints for the demo company, once."""
        # Imported here, as above.
        from . import demo_complaints

        demo_complaints.load_complaints(self.env)
