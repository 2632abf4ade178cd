# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def write(self, vals):
        """Give the demo company a warehouse as soon as there are warehouses.

        Odoo gives one to the first company only. The demo company has confirmed orders
        of goods, and ``sale_stock``, which is loaded next, refuses them without one.
        """
        result = super().write(vals)
        if vals.get("state") == "installed" and "stock" in self.mapped("name"):
            self.env["key.account.demo"]._add_warehouse()
        return result
