# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)


def post_init_hook(env):
    """Take the white space at once, without waiting for the night."""
    companies = env["key.account"].search([("state", "!=", "ended")]).company_id
    env["key.account.white.space"]._refresh(companies)
    # Those of the demo data are older than the white space.
    env["key.account.plan"].search([("state", "=", "draft")])._take_situation()
