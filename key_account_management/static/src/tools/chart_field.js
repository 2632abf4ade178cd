// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor } from "@web/core/colors/colors";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

export const GOOD = "#3c9d63";
export const BAD = "#d1495b";

/**
 * A field of figures as a chart, and as a table for those who can't see the chart.
 *
 * A field extends this class by `rows` and `config`, and its template by what an empty
 * field says and by the cells of the table.
 */
export class ChartField extends Component {
    static template = "key_account_management.ChartField";
    static props = { ...standardFieldProps };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.draw(),
            () => [JSON.stringify(this.value)]
        );
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    /** What the chart and the table are made of; without rows there is no chart. */
    get rows() {
        return [];
    }

    /** What Chart.js is told; its options are added to those of all charts. */
    get config() {
        return {};
    }

    get mainColor() {
        return getColor(0, cookie.get("color_scheme"), 6);
    }

    get textColor() {
        return cookie.get("color_scheme") === "dark" ? "#e4e4e4" : "#495057";
    }

    axis(settings) {
        return { ticks: { color: this.textColor }, ...settings };
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.value.currency_id });
    }

    percent(share) {
        return `${formatFloat(share, { digits: [16, 1] })} %`;
    }

    /** Draw the chart and return what removes it again. */
    draw() {
        if (!this.canvas.el) {
            return;
        }
        const { options, ...config } = this.config;
        const chart = new Chart(this.canvas.el, {
            ...config,
            options: { animation: false, maintainAspectRatio: false, ...options },
        });
        return () => chart.destroy();
    }
}
