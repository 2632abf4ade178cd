# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
{
    "name": "Key Account Management: Events",
    "version": "19.0.1.0.0",
    "category": "Sales/Key Accounts",
    "summary": "Stakeholders who accept an invitation are registered at the event",
    "author": "Key Account Management contributors",
    "license": "LGPL-3",
    "depends": ["key_account_management_plan", "event"],
    "auto_install": True,
    "data": [
        "views/key_account_occasion_views.xml",
        "views/event_event_views.xml",
    ],
}
