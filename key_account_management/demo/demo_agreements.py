# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The demo company's framework agreements, at every stage of their life."""

from dateutil.relativedelta import relativedelta

from odoo import Command


def _pricelist(env, name, percent):
    return env["product.pricelist"].create(
        {
            "name": name,
            "company_id": env.company.id,
            "currency_id": env.company.currency_id.id,
            "key_account_only": True,
            "item_ids": [
                Command.create(
                    {"compute_price": "percentage", "percent_price": percent}
                )
            ],
        }
    )


def load_agreements(env):
    """Write five agreements: amended, ending soon, to approve, draft, expired."""
    today = env.company._get_key_account_today()
    january = today.replace(month=1, day=1)
    accounts = env["key.account"].search(
        [("company_id", "=", env.company.id), ("revenue_12m", ">", 0)],
        order="revenue_12m desc",
        limit=5,
    )
    if len(accounts) < 5:
        return
    Agreement = env["key.account.agreement"]
    first = Agreement.create(
        {
            "title": "Rahmenvertrag Trockensortiment",
            "account_id": accounts[0].id,
            "date_start": january,
            "date_end": january + relativedelta(years=2, days=-1),
            "renewal": "automatic",
            "pricelist_id": _pricelist(env, "Rahmenpreise Trockensortiment", 13.0).id,
            "has_referral_clause": True,
            "terms": "<p>Lieferung frei Haus ab 500 EUR, Abruf wöchentlich.</p>",
            "commitment_ids": [
                Command.create(
                    {
                        "target": round(accounts[0].revenue_12m * 1.1, -3),
                        "date_from": january,
                        "date_to": january + relativedelta(years=1, days=-1),
                    }
                )
            ],
            "obligation_ids": [
                Command.create(
                    {
                        "name": "Quartalsstatistik an den Einkauf senden",
                        "department": "Vertriebsinnendienst",
                        "user_id": accounts[0].manager_id.id,
                        "date_due": today + relativedelta(days=20),
                    }
                ),
                Command.create(
                    {
                        "name": "Abrufplan für das nächste Quartal",
                        "side": "customer",
                        "user_id": accounts[0].manager_id.id,
                        "date_due": today - relativedelta(days=6),
                    }
                ),
            ],
        }
    )
    first.action_submit_approval()
    amendment = Agreement.browse(first.action_amend()["res_id"])
    amendment.write(
        {
            "date_start": max(january + relativedelta(months=6), first.date_start),
            "pricelist_id": _pricelist(env, "Rahmenpreise ab Juli", 14.0).id,
        }
    )
    if amendment.date_start < today:
        amendment.action_submit_approval()
    ending = Agreement.create(
        {
            "title": "Belieferung Filialen Nord",
            "account_id": accounts[1].id,
            "date_start": today - relativedelta(months=10),
            "date_end": today + relativedelta(months=2),
            "notice_months": 1,
            "terms": "<p>Anlieferung werktags bis 7 Uhr.</p>",
        }
    )
    ending.action_submit_approval()
    submitted = Agreement.with_user(accounts[2].manager_id).create(
        {
            "title": "Sonderpreise Großgebinde",
            "account_id": accounts[2].id,
            "date_start": today,
            "date_end": today + relativedelta(years=1),
            "pricelist_id": _pricelist(env, "Großgebinde", 22.0).id,
        }
    )
    submitted.action_submit_approval()
    Agreement.create(
        {
            "title": "Entwurf Logistikvereinbarung",
            "account_id": accounts[3].id,
            "date_start": today + relativedelta(months=1, day=1),
            "date_end": today + relativedelta(months=1, day=1, years=1),
        }
    )
    expired = Agreement.create(
        {
            "title": "Aktion Sommerkarte",
            "account_id": accounts[4].id,
            "date_start": today - relativedelta(months=8),
            "date_end": today - relativedelta(months=3),
            "renewal": "none",
        }
    )
    expired.action_submit_approval()
