# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
{
    "name": "Key Account Management: Point of Sale",
    "version": "19.0.1.0.0",
    "category": "Sales/Key Accounts",
    "summary": "Points of key accounts at the till, booked once",
    "author": "Key Account Management contributors",
    "license": "LGPL-3",
    "depends": ["key_account_management", "pos_loyalty"],
    "assets": {
        "point_of_sale._assets_pos": [
            "key_account_management_pos/static/src/**/*",
        ],
    },
    "auto_install": True,
}
