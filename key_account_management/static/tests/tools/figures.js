// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { queryOne } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    models,
    mountView,
    preloadBundle,
} from "@web/../tests/web_test_helpers";

class Figures extends models.Model {
    _name = "figures";

    figures = fields.Json();
}

/** Provide what a field of figures needs; for the top of a test file. */
export function defineFigures() {
    defineMailModels();
    defineModels([Figures]);
    preloadBundle("web.chartjs_lib");
}

/** Show a field of figures in a form; the pager leads to the other records' figures. */
export async function mountFigures(widget, ...records) {
    Figures._records = records.map((figures, index) => ({ id: index + 1, figures }));
    await mountView({
        type: "form",
        resModel: "figures",
        resId: 1,
        resIds: Figures._records.map((record) => record.id),
        arch: `<form><field name="figures" widget="${widget}" /></form>`,
    });
}

/** Return the chart that is shown. */
export function getChart() {
    return Chart.getChart(queryOne("canvas"));
}
