# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Nightly work in batches, each in a transaction of its own."""

from odoo.service.model import retrying


def in_batches(records, size, work):
    """Do the work of a scheduled action; killed anywhere, what is done stays done.

    :param records: what is to be worked on
    :param int size: of a batch
    :param work: function of a batch
    :return: whether there is time left after all of them
    """
    Cron = records.env["ir.cron"]
    Cron._commit_progress(remaining=len(records))
    for start in range(0, len(records), size):
        batch = records[start : start + size]
        retrying(lambda batch=batch: work(batch), records.env)
        if not Cron._commit_progress(len(batch)):
            return False
    return True
