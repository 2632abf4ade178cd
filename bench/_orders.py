# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Scripts that write the same orders with the addon and without it."""

# A special list of 12 %: from the tier with the addon, set on the customer without it.
PREPARE = """
import json, statistics, time
env["res.config.settings"].create(dict(group_product_pricelist=True)).execute()
products = env["product.product"].create([
    dict(name="Bench %s" % n, list_price=10 + n, standard_price=5, taxes_id=False,
         invoice_policy="order") for n in range(50)])
ordinary, special = env["res.partner"].create([
    dict(name="Bench ordinary", is_company=True),
    dict(name="Bench special", is_company=True)])
pricelist = env["product.pricelist"].create(dict(name="Bench", item_ids=[
    (0, 0, dict(compute_price="percentage", percent_price=12))]))
if "key.account" in env:
    tier = env["key.account.tier"].create(dict(name="Bench", pricelist_id=pricelist.id))
    env["key.account"].create(dict(
        partner_id=special.id, manager_id=env.ref("base.user_admin").id,
        tier_id=tier.id))
else:
    special.property_product_pricelist = pricelist
env.flush_all()
def write(partner, lines):
    return env["sale.order"].create(dict(partner_id=partner.id, order_line=[
        (0, 0, dict(product_id=products[n % 50].id, product_uom_qty=1 + n % 7))
        for n in range(lines)]))
"""

FLOW = (
    PREPARE
    + """
def flow(partner, orders, lines):
    # The order in the middle says more than the sum, in which each pause of a shared
    # machine counts.
    env.invalidate_all()
    queries, times = env.cr.sql_log_count, []
    for _ in range(orders):
        start = time.monotonic()
        order = write(partner, lines)
        order.action_confirm()
        order._create_invoices().action_post()
        env.flush_all()
        times.append(time.monotonic() - start)
    return statistics.median(times), env.cr.sql_log_count - queries
found = {{}}
for name, partner in (("ordinary", ordinary), ("special", special)):
    flow(partner, 3, 10)
    # Without statistics one query of core's (payments of an invoice) is planned now
    # this way, now that, and takes 1 ms or 25.
    env.cr.execute("ANALYZE")
    seconds, queries = flow(partner, {orders}, 10)
    found[name] = dict(
        seconds=seconds,
        queries=flow(partner, 1, 10)[1],
        queries_many=flow(partner, 1, 40)[1])
price = env["sale.order"].search([("partner_id", "=", special.id)], limit=1)
found["price"] = round(price.order_line[0].price_subtotal, 2)
env.cr.rollback()
print(json.dumps(found))
"""
)

PRICE = (
    PREPARE
    + """
order = write(special, {lines})
order._recompute_prices()
env.flush_all()
times = []
for _ in range(5):
    env.invalidate_all()
    order = env["sale.order"].browse(order.id)
    order.order_line.mapped("product_id.list_price")
    start = time.monotonic()
    order._recompute_prices()
    env.flush_all()
    times.append(time.monotonic() - start)
print(json.dumps(dict(times=times, total=order.amount_untaxed)))
"""
)
