# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.tools.xlsx_export import Sheet, workbook
from .tools import clean_text, xlsx_response, xlsx_route

PAGE = 40
BATCH = 1000
MAX_SEARCH = 100
LINKS = {
    "agreements": ("/my/agreements", "agreement_count"),
    "complaints": ("/my/complaints", "complaint_count"),
}


class KeyAccountPortal(CustomerPortal):
    """The customer's own account: the people behind it, its terms and its prices."""

    def _get_topics(self):
        return request.env.user.partner_id._get_key_account_topics()

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        accounts = request.env["key.account"]._get_portal_accounts()
        topics = self._get_topics()
        if "key_account_count" in counters:
            values["key_account_count"] = len(accounts)
        if "key_account_price_count" in counters:
            values["key_account_price_count"] = (
                sum(map(self._count_prices, accounts)) if "prices" in topics else 0
            )
        return values

    def _count_prices(self, account):
        domain = request.env["key.account.price"]._get_product_domain(account)
        # sudo: products named in the customer's own price list.
        return request.env["product.product"].sudo().search_count(domain)

    def _get_account(self, account_id=None):
        """Return the requested one of the user's own accounts, else the first.

        :param account_id: text of a request, not to be trusted
        :raise NotFound: where the user's company has no such account
        """
        accounts = request.env["key.account"]._get_portal_accounts()
        if account_id:
            accounts = accounts.filtered(lambda a: str(a.id) == str(account_id))
        if not accounts:
            raise request.not_found()
        return accounts[0]

    @http.route("/my/key-account", type="http", auth="user", website=True)
    def portal_key_account(self, **kwargs):
        """Show tier, benefits and people, with links to everything else."""
        accounts = request.env["key.account"]._get_portal_accounts()
        if not accounts:
            return request.redirect("/my")
        topics = self._get_topics()
        cards = request.env["loyalty.card"]
        if "points" in topics:
            visible = Domain("program_id.portal_visible", "=", True)
            cards = self._get_company_cards(visible)
        counters = [LINKS[topic][1] for topic in LINKS if topic in topics]
        values = {
            **self._prepare_portal_layout_values(),
            **self._prepare_home_portal_values([*counters, "key_account_price_count"]),
            "accounts": accounts,
            "cards": cards,
            "topics": topics,
            "page_name": "key_account",
        }
        return request.render("key_account_management.portal_key_account", values)

    @http.route(
        ["/my/prices", "/my/prices/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_prices(self, page=1, search="", account_id=None, **kwargs):
        """List the customer's own prices, by pages, with a search."""
        if "prices" not in self._get_topics():
            return request.redirect("/my")
        account = self._get_account(account_id)
        search = clean_text(search, MAX_SEARCH)
        Price = request.env["key.account.price"]
        domain = Price._get_product_domain(account, search)
        # sudo: products named in the customer's own price list.
        Product = request.env["product.product"].sudo()
        url_args = {"search": search, "account_id": account.id}
        pager = portal_pager(
            url="/my/prices",
            url_args=url_args,
            total=Product.search_count(domain),
            page=page,
            step=PAGE,
        )
        products = Product.search(domain, limit=PAGE, offset=pager["offset"])
        values = {
            **self._prepare_portal_layout_values(),
            "account": account,
            "pricelist": Price._get_lists(account)[0].value,
            "rows": Price._get_price_rows(account, products),
            "search": search,
            "pager": pager,
            "page_name": "key_account_prices",
            "default_url": "/my/prices",
        }
        return request.render("key_account_management.portal_prices", values)

    @xlsx_route("/my/prices.xlsx")
    def portal_prices_xlsx(self, search="", account_id=None, **kwargs):
        """Download the same prices as a workbook, all of them."""
        if "prices" not in self._get_topics():
            raise request.not_found()
        account = self._get_account(account_id)
        content = self._get_price_workbook(account, clean_text(search, MAX_SEARCH))
        return xlsx_response(content, f"{account.display_name}.xlsx")

    def _get_price_workbook(self, account, search):
        """Return the prices of an account as the bytes of a workbook.

        :param account: ``key.account``, one of the user's own
        :param str search: part of the products' names or codes
        """
        env = request.env
        Price = env["key.account.price"]
        pricelist = Price._get_lists(account)[0].value
        currency = pricelist.currency_id or account.currency_id
        labels = [
            env._("Code"),
            env._("Product"),
            env._("Unit"),
            env._("From Quantity"),
            env._("Price (%s)", currency.name),
            env._("List Price (%s)", currency.name),
        ]
        widths = [16, 44, 12, 14, 14, 14]
        # sudo: products named in the customer's own price list.
        Product = env["product.product"].sudo()
        ids = Product.search(Price._get_product_domain(account, search)).ids
        with workbook() as (book, buffer):
            sheet = Sheet(
                book, env._("Prices"), labels, widths, currency.decimal_places
            )
            for start in range(0, len(ids), BATCH):
                products = Product.browse(ids[start : start + BATCH])
                for row in Price._get_price_rows(account, products):
                    for values in self._get_price_rows(row):
                        sheet.append(values)
                env.invalidate_all(flush=False)
        return buffer.getvalue()

    def _get_price_rows(self, row):
        """Return the lines of the workbook for a product: its price, then its breaks.

        :param dict row: see ``key.account.price._get_price_rows``
        """
        product = row["product"]
        name = product.with_context(display_default_code=False).display_name
        head = [product.default_code, name, product.uom_id.name]
        return [
            [*head, None, float(row["price"]), float(row["list_price"])],
            *(
                [*head, quantity, float(price), None]
                for quantity, price in row["breaks"]
            ),
        ]
