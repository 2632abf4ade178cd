# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
{
    "name": "Key Account Management: Deliveries",
    "version": "19.0.1.2.0",
    "category": "Sales/Key Accounts",
    "summary": "On time in full by shipments, and returns of complaints",
    "author": "Key Account Management contributors",
    "license": "LGPL-3",
    "depends": ["key_account_management", "sale_stock"],
    "auto_install": True,
    "data": [
        "security/product_pricelist_security.xml",
        "views/sale_order_line_views.xml",
        "views/key_account_complaint_views.xml",
        "views/stock_picking_views.xml",
        "report/key_account_contact_report.xml",
    ],
    "demo": ["demo/demo_deliveries.xml"],
    "post_init_hook": "post_init_hook",
}
