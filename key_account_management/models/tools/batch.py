# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Batches of scheduled actions beside users and other servers."""

import random
import time

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

TRIES = 5


def do_batch(env, work):
    """Do a batch; where another transaction was faster, anew on what that one left.

    Odoo does so for whatever a user presses, but a scheduled action that fails has its
    next turn a day later.

    :param work: called without arguments, after a commit and before the next one
    :return: what ``work`` returns
    """

    def flushed():
        result = work()
        env.flush_all()
        return result

    for attempt in range(1, TRIES):
        try:
            return flushed()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            env.cr.rollback()
            env.transaction.reset()
            env.registry.reset_changes()
            # As core waits: not in step with the one that was faster.
            time.sleep(random.uniform(0.0, 2**attempt / 10))
    return flushed()
