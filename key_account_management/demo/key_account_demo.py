# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models

from .demo_records import MODULE

#: No mails, no log of changes that would all bear today's date, no followers.
QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_activity_quick_update": True,
}


class KeyAccountDemo(models.AbstractModel):
    """Gives the demo data files access to their code."""

    _name = "key.account.demo"
    _description = "Demo Data of Key Accounts"

    @api.model
    def _load_year(self):
        """Make a year of documents for the demo company, once."""
        # Imported here: only databases with demo data need it.
        from . import demo_flow

        if env := self._get_empty_company("sale.order"):
            demo_flow.load_year(env)

    @api.model
    def _load_complaints(self):
        """Make a few complaints for the demo company, once."""
        # Imported here, as above.
        from . import demo_complaints

        if env := self._get_empty_company("key.account.complaint"):
            demo_complaints.load_complaints(env)

    @api.model
    def _get_empty_company(self, model):
        """Return the environment of the demo company, None where it has such records.

        :param str model: name of the model of the records to be made
        """
        company = self.env.ref(f"{MODULE}.demo_company", raise_if_not_found=False)
        of_company = company and [("company_id", "=", company.id)]
        if not company or self.env[model].search_count(of_company, limit=1):
            return None
        demo = self.with_context(**QUIET, allowed_company_ids=company.ids, lang=None)
        return demo.env
