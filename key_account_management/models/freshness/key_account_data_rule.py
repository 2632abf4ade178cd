# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

#: When a rule is kept, on ``account``, its ``customer``, and ``person``, which counts
#: the customer's contact persons. What every person must have is asked of the customer
#: where there are none.
CONDITIONS = {
    "role": SQL("customer.is_company IS NOT TRUE OR person.roles = person.number"),
    "phone": SQL(
        "CASE WHEN person.number > 0 THEN person.phones = person.number "
        "ELSE COALESCE(customer.phone, '') <> '' END"
    ),
    "email": SQL(
        "CASE WHEN person.number > 0 THEN person.emails = person.number "
        "ELSE COALESCE(customer.email, '') <> '' END"
    ),
    "vat": SQL("COALESCE(customer.vat, '') <> ''"),
    "address": SQL(
        "COALESCE(customer.street, '') <> '' AND COALESCE(customer.city, '') <> '' "
        "AND COALESCE(customer.zip, '') <> '' AND customer.country_id IS NOT NULL"
    ),
    "segment": SQL("account.segment_id IS NOT NULL"),
    "bank": SQL(
        "EXISTS (SELECT 1 FROM res_partner_bank bank "
        "WHERE bank.partner_id = customer.id AND bank.active)"
    ),
}


class KeyAccountDataRule(models.Model):
    """What has to be known of a customer, and how much it counts."""

    _name = "key.account.data.rule"
    _description = "Rule for Customer Data"
    _order = "sequence, id"
    _rec_name = "code"

    code = fields.Selection(
        [
            ("role", "Roles of the People"),
            ("phone", "Telephone"),
            ("email", "E-Mail"),
            ("vat", "VAT Number"),
            ("address", "Address"),
            ("segment", "Segment"),
            ("bank", "Bank Account"),
        ],
        string="Data",
        required=True,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    weight = fields.Integer(
        default=1, required=True, help="A rule of weight 2 counts twice."
    )

    _code_uniq = models.Constraint(
        "unique (code)", "There is a rule for this already. Change its weight."
    )
    _weight_positive = models.Constraint(
        "CHECK (weight > 0)",
        "A weight is more than zero. Archive a rule that doesn't count.",
    )

    @api.constrains("code")
    def _check_code(self):
        unknown = self.filtered(lambda rule: rule.code not in self._get_conditions())
        if unknown:
            raise ValidationError(
                self.env._(
                    "Nothing says when “%s” is complete.", unknown[0].display_name
                )
            )

    @api.model
    def _get_conditions(self):
        """Return when each rule is kept; addons that add a rule add its condition.

        :return: dict of code -> SQL condition, see ``CONDITIONS``
        """
        return CONDITIONS

    @api.model
    def _get_labels(self):
        """Return what is missing, in the reader's language: dict of code -> label."""
        return dict(self._fields["code"]._description_selection(self.env))

    @api.model
    def _score_sql(self, accounts):
        """Build the statement on how complete the data of accounts is.

        :param accounts: ``key.account`` records
        :return: SQL with the columns ``account_id``, ``score`` (0 to 100) and ``gaps``
            (codes, in order, with commas)
        """
        return SQL(
            """
            SELECT account.id AS account_id,
                   ROUND(100.0 * SUM(CASE WHEN rule.kept THEN rule.weight ELSE 0 END)
                         / SUM(rule.weight))::int AS score,
                   STRING_AGG(rule.code, ',' ORDER BY rule.place)
                       FILTER (WHERE NOT rule.kept) AS gaps
              FROM key_account account
              JOIN res_partner customer ON customer.id = account.partner_id
      CROSS JOIN LATERAL (%(people)s) person
      CROSS JOIN LATERAL (
                   SELECT code, weight, place, COALESCE(kept, FALSE) AS kept
                     FROM (VALUES %(rules)s) AS value (place, code, weight, kept)
                   ) rule
             WHERE account.id = ANY(%(ids)s)
          GROUP BY account.id
            """,
            people=self._people_sql(),
            rules=SQL(", ").join(self._rules_sql()),
            ids=accounts.ids,
        )

    @api.model
    def _people_sql(self):
        """Count the contact persons of ``customer``, and what is known of them.

        Without anybody no role is known.
        """
        return SQL(
            """
            SELECT COUNT(*) AS number,
                   CASE WHEN COUNT(*) = 0 THEN -1
                        ELSE COUNT(NULLIF(function, '')) END AS roles,
                   COUNT(NULLIF(phone, '')) AS phones,
                   COUNT(NULLIF(email, '')) AS emails
              FROM res_partner
             WHERE commercial_partner_id = customer.id AND id <> customer.id
               AND active AND is_company IS NOT TRUE AND type = 'contact'
            """
        )

    @api.model
    def _rules_sql(self):
        """Return the rules as rows of place, code, weight and whether it is kept."""
        # sudo: everybody's data is judged by the same rules.
        rules = self.sudo().search([("active", "=", True)])
        conditions = self._get_conditions()
        return [
            SQL(
                "(%s, %s, %s, %s)", place, rule.code, rule.weight, conditions[rule.code]
            )
            for place, rule in enumerate(rules)
        ] or [SQL("(0, '', 1, TRUE)")]
