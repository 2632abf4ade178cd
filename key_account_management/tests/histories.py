# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Random histories for the tests that compare the product with a plain reference."""

import logging
import os
import random

from odoo.exceptions import UserError, ValidationError

_logger = logging.getLogger(__name__)
#: How many histories; more of them, and others, by variables of the environment.
HISTORIES = int(os.environ.get("KAM_HISTORIES", "0"))
SEED = int(os.environ.get("KAM_SEED", "1511"))


class RandomHistories:
    """Play histories one after the other; each starts from the same records."""

    def play_histories(self, number, play):
        """Play random histories and print how much was compared.

        :param int number: how many, unless the environment says how many
        :param play: method that plays one by ``self.rng`` and returns the number of
            comparisons
        """
        number = HISTORIES or number
        checks = 0
        for history in range(number):
            seed = SEED + history
            self.rng = random.Random(seed)
            with self.subTest(seed=seed):
                savepoint = self.env.cr.savepoint()
                try:
                    checks += play()
                finally:
                    savepoint.rollback()
                    savepoint.close(rollback=False)
                    self.env.invalidate_all()
        self.assertGreater(checks, number)
        _logger.info(
            "%s: %s comparisons in %s histories", self._testMethodName, checks, number
        )

    def happen(self, events):
        """Let one of the events happen; Odoo may refuse it.

        :param dict events: method -> how often, compared with the others
        :return: name of the event
        """
        [event] = self.rng.choices(list(events), list(events.values()))
        try:
            with self.env.cr.savepoint():
                event()
                self.env.flush_all()
        except (UserError, ValidationError) as error:
            # Core refuses what makes no sense, such as to reset a locked document.
            _logger.info("refused: %s", error)
            self.env.invalidate_all()
        return event.__name__

    def some(self, model, domain):
        """Return one of the company's records, or none."""
        found = self.env[model].search(
            [("company_id", "=", self.env.company.id), *domain]
        )
        return found.browse(self.rng.choice(found.ids)) if found else found
