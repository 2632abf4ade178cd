# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from contextvars import ContextVar

from odoo import models

# Not in the context of the environment: clients set that.
_automatic = ContextVar("key_account_management.automatic_mail", default=False)


def is_automatic_mail():
    """Tell whether the mail that is being received was sent by a machine."""
    return _automatic.get()


def is_sent_by_machine(message):
    """Tell from its headers whether a mail was sent by a machine.

    By RFC 3834, and by what servers used before it and beside it.

    :param message: ``email.message.Message``
    """

    def header(name):
        return str(message.get(name) or "").strip().lower()

    return (
        header("Auto-Submitted") not in ("", "no")
        or header("Precedence") in ("bulk", "auto_reply", "junk")
        or header("X-Auto-Response-Suppress") not in ("", "none")
        or any(
            header(name) not in ("", "no")
            for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponse")
        )
        # A message about a message: its sender wants no answer (RFC 5321).
        or header("Return-Path") == "<>"
    )


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _message_route_process(self, message, message_dict, routes):
        """Remember that a mail was sent automatically."""
        token = _automatic.set(is_sent_by_machine(message))
        try:
            return super()._message_route_process(message, message_dict, routes)
        finally:
            _automatic.reset(token)
