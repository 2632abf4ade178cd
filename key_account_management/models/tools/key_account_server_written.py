# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.exceptions import AccessError


class KeyAccountServerWritten(models.AbstractModel):
    """Fields that only the server writes: states, decisions, figures, signatures.

    ``readonly=True`` is a hint to the web client. What clients must not write is
    refused here, in create and write and so in imports too; a default from the context
    never reaches such a field.
    """

    _name = "key.account.server.written"
    _description = "Fields That Only the Server Writes"

    @api.model
    def _server_written_fields(self):
        """Return the names of the fields that only the server writes.

        Rooms above add theirs: ``{*super()._server_written_fields(), "name"}``.
        """
        return set()

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        names = self._server_written_fields()
        for vals in vals_list:
            self._refuse_server_written(names.intersection(vals))
        records = self._without_server_defaults(names)
        return super(KeyAccountServerWritten, records).create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._refuse_server_written(
                self._server_written_fields().intersection(vals)
            )
        return super().write(vals)

    @api.model
    def _without_server_defaults(self, names):
        """Return the model without defaults of the context for these fields."""
        keys = {f"default_{name}" for name in names} & self.env.context.keys()
        if not keys:
            return self
        context = {k: v for k, v in self.env.context.items() if k not in keys}
        return self.with_context(context)  # pylint: disable=context-overridden

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
                "%(fields)s of “%(model)s” can't be entered. The system sets this.",
                fields=", ".join(labels[name]["string"] for name in sorted(labels)),
                model=self.env["ir.model"]._get(self._name).name,
            )
        )
