// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { expect, test } from "@odoo/hoot";
import { pagerNext } from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { ChartField } from "@key_account_management/tools/chart_field";
import { defineFigures, getChart, mountFigures } from "./figures";

class BarField extends ChartField {
    get rows() {
        return this.value ? this.value.rows : [];
    }

    get config() {
        return {
            type: "bar",
            data: { labels: this.rows, datasets: [{ data: this.rows }] },
            options: { scales: { y: this.axis({ beginAtZero: true }) } },
        };
    }
}

registry.category("fields").add("test_bar", { component: BarField, supportedTypes: ["json"] });
defineFigures();

test("figures are drawn, and the chart is hidden from screen readers", async () => {
    await mountFigures("test_bar", { rows: [3, 5] });
    expect(getChart().data.datasets[0].data).toEqual([3, 5]);
    expect("[aria-hidden=true] > canvas").toHaveCount(1);
    expect("table caption").toHaveCount(1);
});

test("options are added to those of all charts", async () => {
    await mountFigures("test_bar", { rows: [3] });
    const { options } = getChart().config;
    expect(options.animation).toBe(false);
    expect(options.maintainAspectRatio).toBe(false);
    expect(options.scales.y.beginAtZero).toBe(true);
    expect(options.scales.y.ticks.color).toBe("#495057");
});

test("there is no chart without figures", async () => {
    await mountFigures("test_bar", false);
    expect(".o_field_widget .text-muted").toHaveCount(1);
    expect("canvas, table").toHaveCount(0);
});

test("other figures take the place of the first", async () => {
    await mountFigures("test_bar", { rows: [3] }, { rows: [7] });
    const first = getChart();
    await pagerNext();
    expect(first.canvas).toBe(null, { message: "the first chart is destroyed" });
    expect(getChart().data.datasets[0].data).toEqual([7]);
});

test("the chart goes with its figures", async () => {
    await mountFigures("test_bar", { rows: [3] }, { rows: [] });
    const first = getChart();
    await pagerNext();
    expect("canvas").toHaveCount(0);
    expect(first.canvas).toBe(null, { message: "the chart is destroyed" });
});
