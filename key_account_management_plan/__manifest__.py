# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
{
    "name": "Key Account Management: Customer Insight and Account Plan",
    "version": "19.0.1.0.0",
    "category": "Sales/Key Accounts",
    "summary": "White space, competitors, stakeholders, reviews and account plans",
    "author": "Key Account Management contributors",
    "license": "LGPL-3",
    "depends": ["key_account_management"],
    "auto_install": True,
    "data": [
        "security/competitor.xml",
        "security/white_space.xml",
        "security/stakeholder.xml",
        "security/review.xml",
        "security/ir.model.access.csv",
        "views/competitor/key_account_share_views.xml",
        "views/competitor/key_account_competitor_views.xml",
        "views/competitor/crm_lead_views.xml",
        "views/competitor/key_account_views.xml",
        "views/white_space/key_account_white_space_views.xml",
        "views/stakeholder/key_account_stakeholder_views.xml",
        "wizards/key_account_review_plan_views.xml",
        "report/key_account_briefing_report.xml",
        "views/review/key_account_review_views.xml",
        "views/menus.xml",
        "data/ir_cron_data.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "key_account_management_plan/static/src/**/*.js",
            "key_account_management_plan/static/src/**/*.xml",
        ],
    },
}
