# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from contextvars import ContextVar

from odoo import models

# Not in the context of the environment: clients set that.
_automatic = ContextVar("key_account_management.automatic_mail", default=False)


def is_automatic_mail():
    """Tell whether the mail that is being received was sent by a machine."""
    return _automatic.get()


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _message_route_process(self, message, message_dict, routes):
        """Remember that a mail was sent automatically (RFC 3834)."""
        header = str(message.get("Auto-Submitted") or "no").strip().lower()
        precedence = str(message.get("Precedence") or "").strip().lower()
        automatic = header != "no" or precedence in ("bulk", "auto_reply", "junk")
        token = _automatic.set(automatic)
        try:
            return super()._message_route_process(message, message_dict, routes)
        finally:
            _automatic.reset(token)
