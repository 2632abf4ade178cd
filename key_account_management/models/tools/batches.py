# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Nightly work in batches, each in a transaction of its own."""

import logging

from odoo.service.model import retrying

_logger = logging.getLogger(__name__)


def in_batches(records, size, work, step=""):
    """Do the work of a scheduled action; killed anywhere, what is done stays done.

    A record that fails doesn't stop the others: its batch is done one by one, and
    ``key.account.failure`` keeps what failed for a person to see.

    :param records: what is to be worked on
    :param int size: of a batch
    :param work: function of a batch
    :param str step: its name, where a scheduled action does several with such records
    :return: whether there is time left after all of them
    """
    Cron = records.env["ir.cron"]
    Cron._commit_progress(remaining=len(records))
    for start in range(0, len(records), size):
        batch = records[start : start + size]
        error = _attempt(batch, work)
        failed = _one_by_one(batch, work, error) if error else {}
        _keep(batch, failed, step)
        if not Cron._commit_progress(len(batch)):
            return False
    return True


def _attempt(batch, work):
    """Do the work of a batch in a transaction; return what was raised, if anything."""
    try:
        retrying(lambda: work(batch), batch.env)
    except Exception as error:
        batch.env.cr.rollback()
        _logger.info("%s: a batch failed, one by one now", batch._name, exc_info=True)
        return error
    return None


def _keep(batch, failed, step):
    """Keep what has failed; that this fails itself stops nothing either."""
    Failure = batch.env["key.account.failure"]
    try:
        retrying(lambda: Failure._keep(batch, failed, step), batch.env)
    except Exception:
        batch.env.cr.rollback()
        _logger.warning("%s: failures can't be kept", batch._name, exc_info=True)


def _one_by_one(batch, work, error):
    """Do the work of each record, and return those that failed: id -> exception."""
    if len(batch) == 1:
        return {batch.id: error}
    failed = {}
    for record in batch:
        # Gone since the batch was chosen, which may be why it failed.
        if record.exists() and (error := _attempt(record, work)):
            failed[record.id] = error
    return failed
