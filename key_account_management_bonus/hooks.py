# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)


def post_init_hook(env):
    """Choose the accounts of the charts that are there already."""
    env["res.company"].search([])._preset_rebate_accounts()
