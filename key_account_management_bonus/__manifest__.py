# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
{
    "name": "Key Account Management: Bonus Agreements",
    "version": "19.0.1.0.0",
    "category": "Sales/Key Accounts",
    "summary": "Bonuses on the turnover of a period: accrued, settled by credit note",
    "author": "Key Account Management contributors",
    "license": "LGPL-3",
    "depends": ["key_account_management"],
    "auto_install": True,
    "data": [
        "security/key_account_rebate_security.xml",
        "security/ir.model.access.csv",
        "views/key_account_rebate_views.xml",
        "views/key_account_rebate_settlement_views.xml",
        "views/key_account_rebate_accrual_views.xml",
        "views/key_account_agreement_views.xml",
        "views/key_account_views.xml",
        "views/account_move_views.xml",
        "views/res_config_settings_views.xml",
        "views/menus.xml",
        "data/ir_cron_data.xml",
    ],
    "post_init_hook": "post_init_hook",
}
