# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import date
from typing import NamedTuple

from odoo import api, models

#: The lanes of the day, in their order.
LANES = ("owe", "news", "close")


class Step(NamedTuple):
    """What can be done about a matter without leaving the page."""

    label: str
    #: A public method of the record, or the XML id of an action; empty to open it.
    name: str = ""
    #: ``object``, ``action`` or ``open``.
    type: str = "object"
    #: Of which record, that of the signal without it.
    record: object = None


class Signal(NamedTuple):
    """One matter that asks for the account manager, as of today."""

    #: One of ``_day_kinds()``.
    kind: str
    account: object
    #: What it is about: a document or the account itself.
    record: object
    #: Why it is there, in words.
    reason: str
    #: The facts behind it.
    evidence: str = ""
    #: What is at stake, in the account's currency.
    value: float = 0.0
    deadline: date | None = None
    step: Step | None = None


class KeyAccountDay(models.AbstractModel):
    """What an account manager has to know today. Every room gives its signals."""

    _name = "key.account.day"
    _description = "Day of an Account Manager"

    @api.model
    def _day_kinds(self):
        """Return the kinds of matters; rooms above add theirs.

        :return: dict of kind -> (lane, name); the lanes are ``owe`` (we owe them),
            ``news`` (news for them) and ``close`` (stay close)
        """
        return {}

    @api.model
    def _day_signals(self, accounts, today):
        """Return what is to be done for accounts; rooms above add theirs.

        Each kind takes a constant number of queries, and what is done gives no signal
        any more.

        :param accounts: ``key.account`` records of one company, as the user sees them
        :param date today: the company's
        :return: list of :class:`Signal`
        """
        return []

    @api.model
    def _decision_step(self, record):
        """Return how a user decides who was asked to; what needs a look is opened."""
        return Step(self.env._("Decide"), type="open")
