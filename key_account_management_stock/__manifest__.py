# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
{
    "name": "Key Account Management: Deliveries",
    "summary": "On time in full, and what is late, for key accounts",
    "version": "19.0.1.0.0",
    "category": "Sales/Key Accounts",
    "author": "Key Account Management contributors",
    "website": "https://github.com/key-account-management/key_account_management",
    "license": "LGPL-3",
    "depends": ["key_account_management", "sale_stock"],
    "auto_install": True,
    "data": [
        "views/key_account_views.xml",
        "views/key_account_kpi_views.xml",
        "views/sale_order_line_views.xml",
    ],
}
