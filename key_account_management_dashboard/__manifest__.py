# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
{
    "name": "Key Account Management: Dashboard",
    "version": "19.0.1.0.0",
    "category": "Sales/Key Accounts",
    "summary": "Accounts, tiers, margin, complaints and loyalty on one page",
    "author": "Key Account Management contributors",
    "license": "LGPL-3",
    "depends": ["key_account_management", "spreadsheet_dashboard"],
    "auto_install": True,
    "data": ["data/spreadsheet_dashboard.xml"],
}
