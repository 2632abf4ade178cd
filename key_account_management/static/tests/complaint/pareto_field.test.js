// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { defineFigures, getChart, mountFigures } from "../tools/figures";

const ROWS = [
    { label: "Packaging", count: 3, cost: 10, share: 75, cumulative: 75 },
    { label: "Delivery", count: 1, cost: 1200, share: 25, cumulative: 100 },
];
const pareto = (measure) => ({ currency_id: 1, measure, rows: ROWS });

defineFigures();

test("bars by weight, and the line of what they add up to", async () => {
    await mountFigures("key_account_pareto", pareto("count"));
    expect(".o_key_account_pareto.w-100 canvas").toHaveCount(1);
    const { data, options } = getChart().config;
    const [line, bars] = data.datasets;
    expect(data.labels).toEqual(["Packaging", "Delivery"]);
    expect([line.type, line.label, line.data]).toEqual(["line", "Cumulative Share (%)", [75, 100]]);
    expect([bars.type, bars.label, bars.data]).toEqual(["bar", "Number", [3, 1]]);
    expect([options.scales.share.min, options.scales.share.max]).toEqual([0, 100]);
});

test("weighed by cost the bars are money", async () => {
    await mountFigures("key_account_pareto", pareto("cost"));
    const bars = getChart().data.datasets[1];
    expect([bars.label, bars.data]).toEqual(["Cost", [10, 1200]]);
});

test("the table says the same in figures", async () => {
    await mountFigures("key_account_pareto", pareto("count"));
    expect("table caption").toHaveText("Pareto");
    expect(queryAllTexts("thead th")).toEqual(["Cause", "Number", "Cost", "Share", "Cumulative"]);
    expect(queryAllTexts("tbody tr:eq(1) > *")).toEqual([
        "Delivery",
        "1",
        "$ 1,200.00",
        "25.0 %",
        "100.0 %",
    ]);
});

test("a period without complaints says so", async () => {
    await mountFigures("key_account_pareto", { ...pareto("count"), rows: [] });
    expect(".o_field_widget").toHaveText("No complaints in this period.");
});
