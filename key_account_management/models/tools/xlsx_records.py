# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Records to a worksheet: in batches, with as much memory for many rows as for few."""

from contextlib import contextmanager

import pytz

from odoo.tools import SQL
from odoo.tools.mail import html2plaintext

from .xlsx_export import Sheet, workbook

BATCH = 5000
NUMBERS = ("integer", "float", "monetary")
#: What a column of the database holds as the workbook shows it, or nearly so.
BY_SQL = (
    *NUMBERS,
    "char",
    "text",
    "selection",
    "date",
    "datetime",
    "many2one",
    "boolean",
)


def records_workbook(title, records, names):
    """Write a few records, as they are in memory, to a workbook.

    :param str title: of the sheet
    :param names: names of fields, the columns
    :return: bytes of the xlsx
    """
    described = records.fields_get(names, ["string", "selection"])

    def shown(name, value):
        choices = dict(described[name].get("selection") or ())
        return getattr(value, "display_name", choices.get(value, value))

    with workbook() as (book, buffer):
        sheet = Sheet(book, title, [described[name]["string"] for name in names])
        for record in records:
            sheet.append([shown(name, record[name]) for name in names])
    return buffer.getvalue()


class RecordSheet:
    """Write the records that a domain finds, as far as the user may read them.

    :param book: the ``xlsxwriter.Workbook``
    :param model: empty recordset; its user, language and companies count
    :param fnames: names of fields, the columns
    :param str tz: zone in which moments are shown, the user's where not given
    :raise AccessError: where the user may not read one of the fields
    """

    def __init__(self, book, name, model, fnames, tz=None):
        self.model = model
        self.fields = [model._fields[fname] for fname in fnames]
        for field in self.fields:
            model._check_field_access(field, "read")
        described = model.fields_get(fnames, ["string", "selection"])
        self.labels = [described[fname]["string"] for fname in fnames]
        self.choices = {
            fname: dict(described[fname].get("selection") or ()) for fname in fnames
        }
        self.names = {}
        self.zone = pytz.timezone(tz or model.env.user.tz or "UTC")
        self.sheet = Sheet(book, name, self.labels)
        self.writers = [
            self._get_writer(field, column) for column, field in enumerate(self.fields)
        ]

    def write_all(self, domain, order=None, progress=None):
        """Write all rows.

        :param progress: called with the number of rows after each batch
        :return: number of rows
        """
        with self._reading() as model:
            ids = model._search(domain, order=order).get_result_ids()
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            with self._reading() as model:
                rows = self._fetch(model.browse(batch))
            self.sheet.append_rows(self.writers, rows)
            if progress:
                progress(start + len(batch))
        return len(ids)

    @contextmanager
    def _reading(self):
        """Give the model on a cursor that reads from the replica where there is one.

        A cursor for each batch: no transaction stays open while a long file is written.
        """
        self.model.env.flush_all()
        with self.model.pool.cursor(readonly=True) as cr:
            yield self.model.with_env(self.model.env(cr=cr))

    def _is_by_sql(self, field):
        return field.store and field.column_type and field.type in BY_SQL

    def _fetch(self, model):
        """Return the values of these records, in order."""
        plain = [field for field in self.fields if self._is_by_sql(field)]
        # The ids passed the access rules; here only their columns are read.
        query = model._as_query()
        columns = [
            model._field_to_sql(query.table, field.name, query) for field in plain
        ]
        row_id = SQL.identifier(query.table, "id")
        rows = model.env.execute_query(query.select(row_id, *columns))
        for position, field in enumerate(plain, start=1):
            if field.type == "many2one":
                self._fetch_names(model.env, field, {row[position] for row in rows})
        if len(plain) == len(self.fields):
            return [row[1:] for row in rows]
        return self._merge(model, plain, rows)

    def _merge(self, model, plain, rows):
        """Put what Odoo has to work out beside what the database holds."""
        computed = {record.id: record for record in model}
        at = {field.name: n for n, field in enumerate(plain, start=1)}
        result = [
            [
                row[at[field.name]]
                if field.name in at
                else self._plain(computed[row[0]], field)
                for field in self.fields
            ]
            for row in rows
        ]
        return result

    def _plain(self, record, field):
        """Return a computed value as a column of the database would hold it."""
        value = record[field.name]
        if field.type == "html":
            return html2plaintext(value or "")
        if field.relational:
            return ", ".join(value.mapped("display_name"))
        if value is False and field.type != "boolean":
            return None
        return value

    def _fetch_names(self, env, field, ids):
        """Look up the names behind a reference that aren't known yet."""
        known = self.names.setdefault(field.comodel_name, {})
        missing = [key for key in ids if key and key not in known]
        # sudo: names of what a record refers to that the user can read, as everywhere
        # in Odoo.
        records = env[field.comodel_name].sudo().browse(missing).exists()
        known.update((record.id, record.display_name) for record in records)
        records.invalidate_recordset(flush=False)

    def _get_writer(self, field, column):
        """Return what writes the cells of a field, see ``Rows.cell_writer``."""
        sheet = self.sheet
        cell_writer = sheet.rows.cell_writer
        text = cell_writer("text", column)
        if field.relational and self._is_by_sql(field):
            names = self.names.setdefault(field.comodel_name, {})
            return lambda value, row: text(names.get(value, ""), row)
        if field.type == "selection":
            choices = self.choices[field.name]
            return lambda value, row: text(choices.get(value, value), row)
        if field.type == "integer":
            return cell_writer("number", column)
        if field.type in NUMBERS:
            return cell_writer("number", column, sheet.money)
        if field.type == "date":
            return cell_writer("date", column, sheet.day)
        if field.type == "datetime":
            zone, write = self.zone, cell_writer("datetime", column, sheet.moment)
            return lambda value, row: write(
                pytz.utc.localize(value).astimezone(zone).replace(tzinfo=None), row
            )
        if field.type == "boolean":
            return cell_writer("boolean", column)
        return text
