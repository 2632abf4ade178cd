# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
{
    "name": "Key Account Management",
    "version": "19.0.1.0.0",
    "category": "Sales/Key Accounts",
    "summary": "Tiers, special terms and one responsible person for the few "
    "customers that matter most",
    "author": "Key Account Management contributors",
    "license": "LGPL-3",
    "application": True,
    "depends": [
        "sale_management",
        "sale_loyalty",
        "sale_crm",
        "sale_margin",
        "account",
        "calendar",
        "portal",
        "rating",
    ],
    "data": [
        "security/key_account_management_security.xml",
        "security/ir.model.access.csv",
        "data/key_account_segment_data.xml",
        "data/key_account_tier_data.xml",
        "views/key_account_tier_change_views.xml",
        "views/key_account_tier_views.xml",
        "views/key_account_segment_views.xml",
        "wizards/key_account_create_views.xml",
        "wizards/key_account_handover_views.xml",
        "views/key_account_views.xml",
        "views/product_pricelist_views.xml",
        "views/res_partner_views.xml",
        "views/sale_order_views.xml",
        "views/account_move_views.xml",
        "report/sale_report_views.xml",
        "report/account_invoice_report_views.xml",
        "views/key_account_menus.xml",
    ],
    "demo": [
        "demo/key_account_demo.xml",
    ],
}
