# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A few complaints of the demo company's customers, at several stages."""

from odoo import Command

from .demo_records import MODULE, ref


def load_complaints(env):
    """Make the demo company's complaints."""
    katrin = env(user=ref(env, "user_katrin"))
    tobias = env(user=ref(env, "user_tobias"))
    _make_closed(katrin)
    _make_critical(katrin)
    _make_waiting(tobias)
    _make_new(tobias)


def _invoice(env, customer):
    """Return the latest invoice of a demo customer."""
    return env["account.move"].search(
        [
            ("commercial_partner_id", "=", ref(env, f"customer_{customer}").id),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("reversal_move_ids", "=", False),
        ],
        order="invoice_date desc, id desc",
        limit=1,
    )


def _complain(env, contact, customer, category, **values):
    invoice = _invoice(env, customer)
    line = invoice._get_key_account_creditable_lines()[:1]
    return env["key.account.complaint"].create(
        {
            "partner_id": ref(env, f"contact_{contact}").id,
            "move_id": invoice.id,
            "order_id": line.sale_line_ids.order_id[:1].id,
            "product_id": line.product_id.id,
            "category_id": env.ref(
                f"{MODULE}.key_account_complaint_category_{category}"
            ).id,
            **values,
        }
    )


def _make_closed(env):
    """Worked through by 8D, credited in part, closed."""
    today = env.company._get_key_account_today()
    complaint = _complain(
        env,
        "malte_thomsen",
        "nordlicht",
        "damage",
        subject="3 Gebinde mit Transportschaden",
        description="<p>Drei Gebinde waren eingedrückt und sind ausgelaufen.</p>",
        severity="major",
        quantity=3,
        customer_reference="NL-R-0871",
        root_cause_kind="carrier",
        containment="<p>Restliche Palette geprüft, Ersatz aus Lager Hamburg.</p>",
        root_cause="<p>Palette ohne Kantenschutz verladen.</p>",
        corrective="<p>Kantenschutz für alle Gebinde ab 10 l.</p>",
        preventive="<p>Packanweisung ergänzt, Spedition unterwiesen.</p>",
    )
    complaint.why_ids = [
        Command.create({"question": question, "answer": answer})
        for question, answer in (
            ("Warum ausgelaufen?", "Die Gebinde waren eingedrückt."),
            ("Warum eingedrückt?", "Der Spanngurt lag auf der Kante."),
            ("Warum auf der Kante?", "Es war kein Kantenschutz angebracht."),
            ("Warum kein Kantenschutz?", "Die Packanweisung verlangt ihn nicht."),
        )
    ]
    complaint.action_ids = [
        Command.create(
            {"kind": kind, "name": name, "date_deadline": today, "done_on": today}
        )
        for kind, name in (
            ("containment", "Lagerbestand auf Schäden prüfen"),
            ("corrective", "Kantenschutz beschaffen"),
            ("preventive", "Packanweisung VA-12 ändern"),
        )
    ]
    env["key.account.complaint.resolve"].create(
        {
            "complaint_id": complaint.id,
            "resolution_type": "credit",
            "note": "Wir schreiben Ihnen die beschädigten Gebinde gut.",
            "extra_cost": 18.5,
        }
    ).action_resolve()


def _make_critical(env):
    _complain(
        env,
        "stefan_otte",
        "heidekrug",
        "quality",
        subject="Verdorbene Ware in vier Filialen",
        description="<p>Mindesthaltbarkeit bei Anlieferung überschritten.</p>",
        severity="critical",
        priority="2",
        quantity=12,
        claimed_amount=850.0,
    ).action_respond()


def _make_waiting(env):
    _complain(
        env,
        "sandra_ehlers",
        "frischepunkt",
        "wrong",
        subject="Falsche Sorte geliefert",
        description="<p>Bestellt war eine andere Sorte.</p>",
        quantity=5,
        channel="email",
    ).action_wait()


def _make_new(env):
    _complain(
        env,
        "dennis_wulff",
        "elbkrone",
        "invoice",
        subject="Aktionspreis nicht berücksichtigt",
        description="<p>Auf der Rechnung steht der Listenpreis.</p>",
        claimed_amount=120.0,
        channel="phone",
    )
