# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import ormcache

#: Fields of these addons are guarded without being listed.
FAMILY = "key_account_management"


class KeyAccountServerWritten(models.AbstractModel):
    """Fields that only the server writes: states, decisions, figures, signatures.

    ``readonly=True`` alone is a hint to the web client. On models with this mixin it is
    the rule: each stored field of ours that is read-only, computed and related ones
    included, is refused in create and write and so in imports and copies, too. A
    default from the context or of a user never reaches such a field.
    """

    _name = "key.account.server.written"
    _description = "Fields That Only the Server Writes"

    #: Further names, of fields that core defines or that aren't read-only. Each class
    #: that extends a model lists its own ones.
    _server_written = ()
    #: Names of read-only fields that clients can write all the same.
    _client_written = ()
    #: Names of fields that clients write, but that take no default of theirs: core
    #: computes them, or they come from a program. Each class lists its own ones.
    _without_default = ()
    #: Fields that say whose the record is, listed by the model: with a new value it
    #: takes the right to write the record once more.
    _scope_fields = ()

    @api.model
    def _server_written_fields(self):
        """Return the names of the fields that only the server writes.

        :return: frozenset of names: stored read-only fields of ours, and those that
            the classes of the model list
        """
        return self._get_server_written()

    @api.model
    @ormcache()
    def _get_server_written(self):
        """Collect these names once: orders and invoices ask at each write."""
        ours = {
            name
            for name, field in self._fields.items()
            if field.store
            and field.readonly
            and field._modules
            and all(module.startswith(FAMILY) for module in field._modules)
        }
        ours -= self._get_listed("_client_written")
        return frozenset(ours | self._get_listed("_server_written"))

    @api.model
    @ormcache()
    def _get_without_default(self):
        """Collect the names of fields that take no default of clients and users."""
        return self._server_written_fields() | self._get_listed("_without_default")

    @classmethod
    def _get_listed(cls, attribute):
        """Return the names that all classes of the model list."""
        parts = cls.__mro__
        return frozenset().union(*(vars(part).get(attribute, ()) for part in parts))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            names = self._server_written_fields()
            for vals in vals_list:
                self._refuse_server_written(names.intersection(vals))
        return super().create(self._add_server_values(vals_list))

    @api.model
    def _add_server_values(self, vals_list):
        """Add what only the server gives to a new record; a hook for models.

        :param vals_list: list of dict, checked already
        :return: list of dict
        """
        return vals_list

    def write(self, vals):
        if not self.env.su:
            self._refuse_server_written(
                self._server_written_fields().intersection(vals)
            )
        result = super().write(vals)
        if not self.env.su and any(name in vals for name in self._scope_fields):
            # The rules were asked for where the record was before.
            self.check_access("write")
        return result

    @api.model
    def default_get(self, fields):
        """Give these fields their own defaults: users set the context and theirs."""
        values = super().default_get(fields)
        # Looked at afterwards: nearly always there is none, on each line of each order.
        for name in self._get_without_default().intersection(values):
            del values[name]
            field = self._fields[name]
            if field.default:
                value = field.convert_to_cache(field.default(self), self)
                values[name] = field.convert_to_write(value, self)
        return values

    def copy_data(self, default=None):
        """Leave these fields out of copies: the copy is a new matter."""
        names = self._server_written_fields().difference(default or {})
        return [
            {name: value for name, value in vals.items() if name not in names}
            for vals in super().copy_data(default)
        ]

    def _check_stays(self, vals, fname, message):
        """Refuse to move records to another parent; the same one again is no move.

        :param dict vals: what is written
        :param str fname: the field that names the parent
        :param str message: what to tell the user
        :raise UserError: with the message
        """
        if fname in vals and any(record[fname].id != vals[fname] for record in self):
            raise UserError(message)

    @api.model
    def _refuse_server_written(self, names):
        """Refuse values for fields that only the server writes.

        :param names: names of the fields that a client wants to write
        :raise AccessError: names the fields
        """
        if not names:
            return
        labels = self.fields_get(sorted(names), ["string"])
        raise AccessError(
            self.env._(
                "You can't enter %(fields)s of “%(model)s”: the system sets this.",
                fields=", ".join(labels[name]["string"] for name in sorted(labels)),
                model=self.env["ir.model"]._get(self._name).name,
            )
        )
