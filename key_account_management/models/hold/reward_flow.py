# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Tells order lines that a loyalty program makes or changes them.

Clients can type a reward into a line as they can any other value. What a program gives
is known by core's own methods, which run within this block. That is kept in a variable
of the running thread, not in the context of the environment: clients set the context.
"""

from contextlib import contextmanager
from contextvars import ContextVar

_giving = ContextVar("key_account_management.reward_flow", default=False)


@contextmanager
def giving_rewards():
    """Say that the lines of this block come from a loyalty program."""
    token = _giving.set(True)
    try:
        yield
    finally:
        _giving.reset(token)


def are_rewards_given():
    """Tell whether a loyalty program makes the present changes."""
    return _giving.get()
