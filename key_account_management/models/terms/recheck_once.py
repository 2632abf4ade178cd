# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Checks approvals once for all changes of one call, not once for each rule.

What waits for its check is kept in a variable of the running thread, not in the context
of the environment: clients set the context.
"""

from contextlib import contextmanager
from contextvars import ContextVar

_waiting = ContextVar("key_account_management.recheck_once", default=None)


@contextmanager
def recheck_once(pricelists):
    """Let rules of price lists change within this block, and check them at its end.

    :param pricelists: recordset of ``product.pricelist``, its environment is that of
        the user who makes the changes
    """
    if _waiting.get() is not None:
        yield
        return
    token = _waiting.set(set())
    try:
        yield
        changed = pricelists.browse(_waiting.get()).exists()
    finally:
        _waiting.reset(token)
    changed._recheck_changed_lists()


def wait_for_recheck(pricelists):
    """Tell whether a running block will check these price lists at its end."""
    waiting = _waiting.get()
    if waiting is None:
        return False
    waiting.update(pricelists.ids)
    return True
