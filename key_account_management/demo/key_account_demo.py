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
        from . import demo_flow

        self._add_warehouse()
        demo_flow.load_year(self.env)

    @api.model
    def _add_warehouse(self):
        """Give the demo company a warehouse where stock is installed, once."""
        company = self.env.ref(
            "key_account_management.demo_company", raise_if_not_found=False
        )
        if not company or "stock.warehouse" not in self.env:
            return
        Warehouse = self.env["stock.warehouse"].with_company(company)
        if not Warehouse.search_count([("company_id", "=", company.id)], limit=1):
            Warehouse.create(
                {
                    "name": company.name,
                    "code": "HANSA",
                    "company_id": company.id,
                    "partner_id": company.partner_id.id,
                }
            )

    @api.model
    def _load_complaints(self):
        """Make a few complaints for the demo company, once."""
        # Imported here, as above.
        from . import demo_complaints

        demo_complaints.load_complaints(self.env)
