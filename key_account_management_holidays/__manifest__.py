# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
{
    "name": "Key Account Management: Time Off",
    "version": "19.0.1.0.0",
    "category": "Sales/Key Accounts",
    "summary": "The deputy takes over while the account manager is on time off",
    "author": "Key Account Management contributors",
    "license": "LGPL-3",
    "depends": ["key_account_management", "hr_holidays"],
    "auto_install": True,
}
