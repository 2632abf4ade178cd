# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
{
    "name": "Key Account Management: Job Queue",
    "version": "19.0.1.1.0",
    "category": "Sales/Key Accounts",
    "summary": "Workbooks and monthly reports as jobs, by as many workers as there are",
    "author": "Key Account Management contributors",
    "license": "LGPL-3",
    "depends": ["key_account_management", "queue_job"],
    "auto_install": True,
    "data": ["data/queue_job_data.xml"],
}
