// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { defineFigures, getChart, mountFigures } from "../tools/figures";

const step = (key, label, amount, total = false) => ({ key, label, amount, total });
const WATERFALL = {
    currency_id: 1,
    steps: [
        step("list", "List Price", 200, true),
        step("discount", "Discount", -50),
        step("surcharge", "Surcharge", 10),
        step("net", "Net Price", 160, true),
    ],
};

defineFigures();

test("totals stand on the ground, steps hang between them", async () => {
    await mountFigures("key_account_waterfall", WATERFALL);
    expect(".o_key_account_waterfall.w-100 canvas").toHaveCount(1);
    const { data } = getChart();
    expect(data.labels).toEqual(["List Price", "Discount", "Surcharge", "Net Price"]);
    expect(data.datasets[0].data).toEqual([
        [0, 200],
        [200, 150],
        [150, 160],
        [0, 160],
    ]);
});

test("what takes away is red, what adds is green, totals are alike", async () => {
    await mountFigures("key_account_waterfall", WATERFALL);
    const [list, discount, surcharge, net] = getChart().data.datasets[0].backgroundColor;
    expect([discount, surcharge]).toEqual(["#d1495b", "#3c9d63"]);
    expect(net).toBe(list);
    expect([discount, surcharge]).not.toInclude(list);
});

test("the table says the same in figures", async () => {
    await mountFigures("key_account_waterfall", WATERFALL);
    expect("table caption").toHaveText("Price Waterfall");
    expect(queryAllTexts("thead th")).toEqual(["Step", "Amount", "Share of List Price"]);
    expect(queryAllTexts("tbody tr:eq(1) > *")).toEqual(["Discount", "$ -50.00", "-25.0 %"]);
    expect("tbody tr.fw-bold").toHaveCount(2);
    expect("tbody th[scope=row]").toHaveCount(4);
});

test("a tooltip says amount and share", async () => {
    await mountFigures("key_account_waterfall", WATERFALL);
    const { label } = getChart().config.options.plugins.tooltip.callbacks;
    expect(label({ dataIndex: 3 })).toBe("$\u00a0160.00 (80.0 %)");
});

test("nothing is a share of a list price of zero", async () => {
    const steps = [step("list", "List Price", 0, true), step("net", "Net Price", 5, true)];
    await mountFigures("key_account_waterfall", { currency_id: 1, steps });
    expect(queryAllTexts("tbody td:last-child")).toEqual(["", ""]);
});

test("without steps it says so", async () => {
    await mountFigures("key_account_waterfall", false);
    expect(".o_field_widget").toHaveText("There is nothing to show yet.");
});
