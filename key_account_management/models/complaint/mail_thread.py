# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _message_route_process(self, message, message_dict, routes):
        """Remember that a mail was sent automatically (RFC 3834)."""
        header = str(message.get("Auto-Submitted") or "no").strip().lower()
        precedence = str(message.get("Precedence") or "").strip().lower()
        if header != "no" or precedence in ("bulk", "auto_reply", "junk"):
            self = self.with_context(key_account_auto_reply=True)
        return super()._message_route_process(message, message_dict, routes)
