# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class KeyAccountDemo(models.AbstractModel):
    """The door through which the demo data files call their code."""

    _name = "key.account.demo"
    _description = "Demo Data of Key Accounts"

    @api.model
    def _load_year(self):
        """Make a year of documents for the demo company, once."""
        # Imported here: nobody needs it but a database with demo data.
        from ..demo import demo_flow

        demo_flow.load_year(self.env)

    @api.model
    def _load_complaints(self):
        """Make a few complaints for the demo company, once."""
        # Imported here, as above.
        from ..demo import demo_complaints

        demo_complaints.load_complaints(self.env)
