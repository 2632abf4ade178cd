# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What is to be reached with the demo company's accounts, and how reliable they are."""

from itertools import cycle

#: Some targets are easy, some are not.
AMBITION = (0.9, 1.05, 1.2)
ANSWERS = (
    ("good", "good", "good", "fair", "good", "good"),
    ("good", "fair", "unknown", "good", "fair", "fair"),
    ("fair", "poor", "unknown", "poor", "fair", "poor"),
)


def load_goals(env):
    """Set a target for each account and manager; judge three customers."""
    accounts = env["key.account"].search(
        [("company_id", "=", env.company.id), ("revenue_12m", ">", 0)],
        order="revenue_12m desc",
    )
    targets = [
        {
            "account_id": account.id,
            "target_revenue": max(round(account.revenue_12m * factor, -3), 1000.0),
            "target_margin": max(round(account.margin_12m * factor, -3), 0.0),
        }
        for account, factor in zip(accounts, cycle(AMBITION), strict=False)
    ]
    targets += [
        {
            "scope": "manager",
            "user_id": manager.id,
            "company_id": env.company.id,
            "target_revenue": round(sum(group.mapped("revenue_12m")) * 1.05, -3),
        }
        for manager, group in accounts.grouped("manager_id").items()
    ]
    env["key.account.target"].create(targets)
    chosen = accounts[:1] | accounts.filtered("overdue_amount")[:2]
    for account, answers in zip(chosen, ANSWERS, strict=False):
        assessment = env["key.account.reliability"].create({"account_id": account.id})
        asked = assessment.line_ids.filtered(lambda line: line.source == "answer")
        for line, answer in zip(asked, answers, strict=False):
            line.answer = answer
        assessment.action_done()
