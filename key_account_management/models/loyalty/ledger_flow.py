# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Tells the ledger which document core is changing balances for.

Core changes a balance and doesn't say for what. That is kept in a variable of the
running thread, not in the context of the environment: clients set the context.
"""

from contextlib import contextmanager
from contextvars import ContextVar

#: Core's own lines are left out: the order books for itself.
BY_ORDER = object()

_flow = ContextVar("key_account_management.ledger_flow", default=None)


@contextmanager
def ledger_flow(source):
    """Say what the changes of balances within this block come from.

    :param source: the document, ``BY_ORDER``, or None for changes by hand; documents
        have the methods ``_point_source`` and ``_book_card_change``
    """
    token = _flow.set(source)
    try:
        yield
    finally:
        _flow.reset(token)


def current_flow():
    """Return what the present changes come from, None by hand."""
    return _flow.get()
