# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.exceptions import AccessError


class KeyAccountServerWritten(models.AbstractModel):
    """Fields that only the server writes: states, decisions, figures, signatures.

    ``readonly=True`` is a hint to the web client. What clients must not write is
    refused here, in create and write and so in imports too; a default from the context
    or of a user never reaches such a field.
    """

    _name = "key.account.server.written"
    _description = "Fields That Only the Server Writes"

    #: Names of such fields. Each class that extends a model lists its own ones.
    _server_written = ()

    @api.model
    def _server_written_fields(self):
        """Return the names of the fields that only the server writes, of all classes.

        :return: set of names, as ``_server_written`` of each class says
        """
        classes = type(self).__mro__
        return set().union(*(vars(cls).get("_server_written", ()) for cls in classes))

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        names = self._server_written_fields()
        for vals in vals_list:
            self._refuse_server_written(names.intersection(vals))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._refuse_server_written(
                self._server_written_fields().intersection(vals)
            )
        return super().write(vals)

    @api.model
    def default_get(self, fields):
        """Give these fields their own defaults: users set the context and theirs."""
        names = self._server_written_fields().intersection(fields)
        values = super().default_get([name for name in fields if name not in names])
        for name in names:
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
