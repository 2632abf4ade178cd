# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import date, timedelta

from odoo import Command
from odoo.tests import tagged

from odoo.addons.key_account_management.tests.histories import RandomHistories

from .common import RebateCommon
from .reference_rebate import RebateReference, number

LAST = date(2025, 12, 31)


@tagged("post_install", "-at_install")
class TestReferenceRebate(RandomHistories, RebateCommon):
    """Random histories: what bonuses are worth is what a plain reference says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.top = cls.make_account(cls.rheintal)
        cls.child = cls.make_account(cls.rheintal_sued, parent_id=cls.top.id)
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.kilogram = cls.env.ref("uom.product_uom_kgm")
        cls.foreign = cls.setup_other_currency(
            "CHF", rates=[("2024-01-01", 2.0), ("2025-07-01", 4.0)]
        )

    def make_bonuses(self):
        rng = self.rng
        rule = rng.choice(["add", "add", "priority", "best", "deduct"])
        for place in range(rng.randint(1, 3)):
            account = rng.choice([self.top, self.child])
            volume = rng.choice(["own", "group"])
            products = rng.choice(
                [self.drill.browse(), self.drill.browse(), self.drill, self.gloves]
            )
            bounds = sorted(rng.sample([0, 10, 50, 100, 250, 1000, 3000, 10000], 3))
            values = {
                "by": rng.choice(["revenue", "revenue", "quantity"]),
                "reward": rng.choice(["percent", "percent", "unit"]),
                "mode": rng.choice(["retroactive", "incremental"]),
                "growth": rng.random() < 0.25,
                "growth_zero": rng.choice(["none", "first", "all"]),
                "minimum": rng.choice([0, 0, 25]),
                "maximum": rng.choice([0, 0, 300]),
            }
            steps = [(bound, rng.choice([0.5, 1, 2.25, 3.333, 7])) for bound in bounds]
            period = rng.choice(["quarter", "half", "year", "free"])
            rebate = self.make_rebate(
                *steps,
                account_id=account.id,
                volume=volume,
                sequence=place + 1,
                stacking=rule,
                date_end=LAST,
                period=period,
                product_ids=[Command.set(products.ids)],
                basis=values["by"],
                reward=values["reward"],
                mode=values["mode"],
                is_growth=values["growth"],
                growth_zero=values["growth_zero"],
                minimum_amount=values["minimum"],
                maximum_amount=values["maximum"],
                uom_id=self.drill.uom_id.id,
            )
            customers = {account.partner_id.id}
            if account == self.top and volume == "group":
                customers.add(self.rheintal_sued.id)
            months = {"quarter": 3, "half": 6, "year": 12, "free": 12}[period]
            starts = [date(2025, month, 1) for month in range(1, 13, months)]
            ends = [start - timedelta(days=1) for start in starts[1:]] + [LAST]
            values |= {
                "rebate": rebate,
                "rule": rule,
                "customers": customers,
                "products": set(products.ids),
                "steps": [(number(bound), number(rate)) for bound, rate in steps],
                "periods": list(zip(starts, ends, strict=True)),
                "minimum": number(values["minimum"]),
                "maximum": number(values["maximum"]),
            }
            self.reference.bonuses.append(values)

    def record(self, move, origin=None):
        """Write down a document for the reference, as it was made."""
        sign = -1 if move.move_type == "out_refund" else 1
        factors = {self.drill.uom_id: 1, self.dozen: 12, self.kilogram: 0}
        counts = move.key_account_rebate_quantity != "price"
        self.reference.documents[move.id] = {
            "id": move.id,
            "posted": True,
            "origin": origin,
            "customer": move.partner_id.id,
            "day": move.invoice_date,
            "lines": [
                (
                    line.product_id.id,
                    -number(line.balance),
                    sign
                    * counts
                    * number(line.quantity)
                    * factors[line.product_uom_id],
                )
                for line in move.invoice_line_ids
            ],
        }

    def event_sell(self):
        rng = self.rng
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": rng.choice(
                    [self.rheintal.id, self.rheintal_sued.id, self.bergmann.id]
                ),
                "invoice_date": date(2024, 6, 1) + timedelta(days=rng.randint(0, 600)),
                "currency_id": rng.choice(
                    [self.env.company.currency_id, self.foreign]
                ).id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": rng.choice([self.drill, self.gloves]).id,
                            "quantity": rng.choice([1, 3, 7.5, 40]),
                            "product_uom_id": rng.choice(
                                [self.drill.uom_id, self.dozen, self.kilogram]
                            ).id,
                            "price_unit": rng.choice([0.07, 9.99, 33.33, 250]),
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for _line in range(rng.randint(1, 5))
                ],
            }
        )
        move.action_post()
        self.record(move)

    def some_document(self, *types):
        documents = [
            key
            for key, document in self.reference.documents.items()
            if document["posted"]
        ]
        moves = (
            self.env["account.move"]
            .browse(documents)
            .filtered(lambda move: move.move_type in types)
        )
        return moves and self.rng.choice(list(moves))

    def event_credit(self):
        move = self.some_document("out_invoice")
        if not move:
            return
        day = move.invoice_date + timedelta(days=self.rng.randint(0, 200))
        note = move._reverse_moves([{"invoice_date": day, "date": day}])
        line = self.rng.choice(list(note.invoice_line_ids))
        (note.invoice_line_ids - line).unlink()
        if self.rng.random() < 0.5:
            line.price_unit = line.price_unit / 2
        else:
            line.quantity = line.quantity / 2
        note.action_post()
        self.record(note, origin=move.id)

    def event_draft(self):
        move = self.some_document("out_invoice", "out_refund")
        if move and not any(
            document["origin"] == move.id
            for document in self.reference.documents.values()
        ):
            move.button_draft()
            self.reference.documents[move.id]["posted"] = False

    def event_settle(self):
        bonus = self.rng.choice(self.reference.bonuses)
        settlements = bonus["rebate"]._settle()
        if settlements and self.rng.random() < 0.25:
            settlements[0].action_cancel()
            return
        settlements.line_ids.move_id.action_post()
        settled = bonus["rebate"]._get_settled(bonus["rebate"])
        for period in bonus["periods"]:
            cells = settled.get((bonus["rebate"].id, period[0]), {})
            self.assertEqual(
                float(sum(cells.values())), self.reference.worth(bonus, period)
            )
            self.comparisons += 1

    def compare(self):
        for bonus in self.reference.bonuses:
            rebate = bonus["rebate"]
            worths = rebate._measure(
                [(rebate, period) for period in bonus["periods"]], self.today
            )
            for worth, period in zip(worths, bonus["periods"], strict=True):
                expected = self.reference.worth(bonus, period)
                self.assertEqual(float(worth.amount), expected, (period, bonus))
                self.assertEqual(sum(worth.cells(worth.amount).values()), worth.amount)
                self.comparisons += 1

    def play(self):
        self.reference, self.comparisons = RebateReference(), 0
        self.make_bonuses()
        self.event_sell()
        for _number in range(self.rng.randint(3, 7)):
            self.happen(
                {
                    self.event_sell: 4,
                    self.event_credit: 2,
                    self.event_draft: 1,
                    self.event_settle: 2,
                }
            )
            self.compare()
        return self.comparisons

    def test_random_histories(self):
        self.play_histories(6, self.play)
