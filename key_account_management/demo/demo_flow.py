# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A year in the life of the demo company, made by the normal flow of documents.

Nothing is written that a user couldn't have done; only the dates lie in the past.
"""

from datetime import datetime, time, timedelta
from random import Random

from odoo import Command
from odoo.tools import groupby

from . import demo_agreements, demo_goals, demo_loyalty, demo_plan
from .demo_records import MODULE, ref


def load_year(env):
    """Make the demo company's documents."""
    rng = Random(2026)
    invoices = _make_history(env, rng)
    _make_credit_notes(env, invoices)
    _make_payments(env, rng, invoices)
    _make_quotations(env, rng)
    _end_of_story(env)
    env["key.account"].search([]).action_refresh_figures()
    demo_goals.load_goals(env)
    demo_agreements.load_agreements(env)
    demo_loyalty.load_loyalty(env)


def _products(env):
    """Return the demo company's products by code."""
    products = env["product.product"].search(
        [("company_id", "=", env.company.id), ("default_code", "!=", False)],
        order="default_code",
    )
    return {product.default_code: product for product in products}


def _make_history(env, rng):
    """Go through the year: tiers as decided, and the orders between the decisions.

    :return: list of (planned order, invoice, day of the invoice), oldest first
    """
    today = env.company._get_key_account_today()
    products = _products(env)
    prices = {code: product.lst_price for code, product in products.items()}
    planned = demo_plan.plan_orders(rng, today, prices)
    done = []
    for days_ago, changes in groupby(demo_plan.TIER_HISTORY, lambda change: change[0]):
        day = today - timedelta(days=days_ago)
        before = [order for order in planned if order.day < day]
        done += _make_orders(env, rng, before, products, today)
        planned = planned[len(before) :]
        _change_tiers(env, day, list(changes))
    done += _make_orders(env, rng, planned, products, today)
    return done


def _change_tiers(env, day, changes):
    """Let the director decide on tiers, as of a day in the past."""
    director = env(user=ref(env, "user_jens"))
    for _days_ago, account, tier, reason in changes:
        ref(director, f"account_{account}")._propose_tier(
            director.ref(f"{MODULE}.key_account_tier_{tier}"), reason, day
        )


def _make_orders(env, rng, planned, products, today):
    """Make planned orders up to their posted invoices, in one batch.

    :return: list of (planned order, invoice, day of the invoice)
    """
    if not planned:
        return []
    orders = env["sale.order"].create(
        [_prepare_order(env, rng, plan, products) for plan in planned]
    )
    dates = {order: order.date_order for order in orders}
    orders.action_confirm()
    for order, moment in dates.items():
        # Confirming made it now; key account and tier are those of the old day.
        order.date_order = moment
        order._set_key_account()
    return _make_invoices(orders, planned, rng, today)


def _prepare_order(env, rng, plan, products):
    profile = plan.profile
    customer = ref(env, f"customer_{profile.customer}")
    contacts = customer.child_ids.filtered(lambda partner: not partner.is_company)
    moment = datetime.combine(plan.day, time(rng.randint(6, 14), rng.randint(0, 59)))
    return {
        "partner_id": (contacts.sorted("id")[:1] or customer).id,
        "partner_invoice_id": customer.id,
        "company_id": env.company.id,
        "user_id": ref(env, f"user_{profile.seller}").id,
        "team_id": ref(env, "team").id,
        "date_order": moment,
        "commitment_date": moment + timedelta(days=rng.randint(3, 7)),
        "client_order_ref": f"B{rng.randint(10000, 99999)}",
        "order_line": _prepare_lines(products, plan.lines),
    }


def _prepare_lines(products, lines):
    return [
        Command.create({"product_id": products[code].id, "product_uom_qty": quantity})
        for code, quantity in lines
    ]


def _make_invoices(orders, planned, rng, today):
    """Deliver and invoice the orders, save those of the last days."""
    days = [plan.day + timedelta(days=rng.randint(1, 5)) for plan in planned]
    done = []
    for order, plan, day in zip(orders, planned, days, strict=True):
        if day < today:
            for line in order.order_line:
                line.qty_delivered = line.product_uom_qty
            done.append((order, plan, day))
    invoices = orders.browse([order.id for order, _plan, _day in done])
    invoices = invoices._create_invoices(grouped=True)
    by_order = {
        invoice.invoice_line_ids.sale_line_ids.order_id: invoice for invoice in invoices
    }
    result = [(plan, by_order[order], day) for order, plan, day in done]
    for _plan, invoice, day in result:
        invoice.invoice_date = day
    invoices.sorted(lambda move: (move.invoice_date, move.id)).action_post()
    return result


def _make_credit_notes(env, invoices):
    """Credit some goods: a whole invoice, or a part of one line."""
    by_customer = {}
    for plan, invoice, day in invoices:
        by_customer.setdefault(plan.profile.customer, []).append((invoice, day))
    credits = [
        (*by_customer[customer][number], part, reason)
        for customer, number, part, reason in demo_plan.CREDITS
    ]
    for invoice, day, part, reason in sorted(credits, key=lambda credit: credit[1]):
        Reversal = env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = Reversal.create(
            {
                "journal_id": invoice.journal_id.id,
                "reason": reason,
                "date": day + timedelta(days=8),
            }
        )
        wizard.refund_moves()
        refund = wizard.new_move_ids
        if part:
            first, *others = refund.invoice_line_ids
            refund.invoice_line_ids = [
                Command.update(first.id, {"quantity": max(1, first.quantity // 5)}),
                *(Command.delete(line.id) for line in others),
            ]
        refund.action_post()


def _make_payments(env, rng, invoices):
    """Register the payments that came in until today, in their weekly order."""
    today = env.company._get_key_account_today()
    unpaid = env["account.move"]
    for profile in demo_plan.PROFILES:
        own = [move.id for plan, move, _day in invoices if plan.profile == profile]
        unpaid |= unpaid.browse(own[len(own) - profile.unpaid :])
    by_day = {}
    for plan, invoice, day in invoices:
        paid_on = demo_plan.payment_day(
            rng, plan.profile, invoice.invoice_date_due, day
        )
        if (
            paid_on < today
            and invoice not in unpaid
            and invoice.payment_state in ("not_paid", "partial")
        ):
            by_day[paid_on] = by_day.get(paid_on, unpaid.browse()) | invoice
    for day in sorted(by_day):
        env["account.payment.register"].with_context(
            active_model="account.move", active_ids=by_day[day].ids
        ).create({"payment_date": day, "group_payment": False})._create_payments()


def _make_quotations(env, rng):
    """Leave some quotations open, two of them for opportunities in the pipeline."""
    products = _products(env)
    prices = {code: product.lst_price for code, product in products.items()}
    for customer, seller, sent, value, basket, lead in demo_plan.QUOTATIONS:
        opportunity = ref(env, f"lead_{lead}")
        quotation = env["sale.order"].create(
            {
                "partner_id": opportunity.partner_id.id,
                "partner_invoice_id": ref(env, f"customer_{customer}").id,
                "opportunity_id": opportunity.id,
                "user_id": ref(env, f"user_{seller}").id,
                "team_id": ref(env, "team").id,
                "order_line": _prepare_lines(
                    products, demo_plan.plan_lines(rng, value, basket, prices)
                ),
            }
        )
        if sent:
            quotation.action_quotation_sent()


def _end_of_story(env):
    """Bring the accounts to where they stand today, each by the one in charge."""
    katrin, tobias, jens = (
        env(user=ref(env, f"user_{login}")) for login in ("katrin", "tobias", "jens")
    )
    gold = f"{MODULE}.key_account_tier_gold"
    ref(katrin, "account_hafenquartier").action_end()
    ref(tobias, "account_werft").action_set_at_risk()
    ref(katrin, "account_studentenwerk")._propose_tier(
        katrin.ref(gold), "Umsatz liegt seit zwei Quartalen über der Grenze für Gold"
    )
    proposal = ref(tobias, "account_elbkrone_catering")._propose_tier(
        tobias.ref(gold), "Holding ist Gold, die Tochter sollte es auch sein"
    )
    proposal = proposal.with_env(jens)
    proposal.decision_note = "Umsatz zu gering; das Zahlungsziel gilt über die Holding"
    proposal.action_reject()
    _plan_activities(env)
    _begin_absence(jens)


def _plan_activities(env):
    today = env.company._get_key_account_today()
    for account, login, kind, days, summary in (
        ("nordlicht", "katrin", "meeting", 21, "Jahresgespräch vorbereiten"),
        ("heidekrug", "katrin", "call", 2, "Liefertermine der Filialen abstimmen"),
        ("werft", "petra", "call", -4, "Offene Rechnungen: Ratenzahlung vereinbaren"),
        ("frischepunkt", "tobias", "call", 1, "Aktion Dezember besprechen"),
        ("feddersen", "tobias", "meeting", 6, "Verkostung in der Filiale Holtenau"),
    ):
        ref(env, f"account_{account}").activity_schedule(
            f"mail.mail_activity_data_{kind}",
            date_deadline=today + timedelta(days=days),
            summary=summary,
            user_id=ref(env, f"user_{login}").id,
        )


def _begin_absence(director):
    """Hand Tobias Lang's accounts to his deputy for the two weeks of his holiday."""
    today = director.company._get_key_account_today()
    director["key.account.handover"].create(
        {
            "account_ids": director["key.account"]
            .search([("manager_id", "=", ref(director, "user_tobias").id)])
            .ids,
            "mode": "absence",
            "date_start": today,
            "date_end": today + timedelta(days=13),
            "note": "Urlaub; Übergabe ist besprochen.",
        }
    ).action_hand_over()
