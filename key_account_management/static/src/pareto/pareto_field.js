/** @odoo-module **/
// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { Component, onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { getColor } from "@web/core/colors/colors";
import { cookie } from "@web/core/browser/cookie";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Bars by weight, and the line of what they add up to. */
export class ParetoField extends Component {
    static template = "key_account_management.ParetoField";
    static props = { ...standardFieldProps };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                this.draw();
                return () => this.erase();
            },
            () => [JSON.stringify(this.value)]
        );
        onWillUnmount(() => this.erase());
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get rows() {
        return this.value ? this.value.rows : [];
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.value.currency_id });
    }

    percent(share) {
        return `${formatFloat(share, { digits: [16, 1] })} %`;
    }

    erase() {
        if (this.chart) {
            this.chart.destroy();
            this.chart = null;
        }
    }

    draw() {
        this.erase();
        if (!this.canvas.el || !this.rows.length) {
            return;
        }
        const scheme = cookie.get("color_scheme");
        const text = scheme === "dark" ? "#e4e4e4" : "#495057";
        this.chart = new Chart(this.canvas.el, {
            data: {
                labels: this.rows.map((row) => row.label),
                datasets: [
                    {
                        type: "line",
                        label: _t("Cumulative Share (%)"),
                        data: this.rows.map((row) => row.cumulative),
                        yAxisID: "share",
                        borderColor: "#d1495b",
                        backgroundColor: "#d1495b",
                    },
                    {
                        type: "bar",
                        label: this.value.measure === "cost" ? _t("Cost") : _t("Number"),
                        data: this.rows.map((row) => row[this.value.measure]),
                        yAxisID: "weight",
                        backgroundColor: getColor(0, scheme, 6),
                    },
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                plugins: { legend: { labels: { color: text } } },
                scales: {
                    x: { ticks: { color: text } },
                    weight: { beginAtZero: true, position: "left", ticks: { color: text } },
                    share: {
                        min: 0,
                        max: 100,
                        position: "right",
                        ticks: { color: text },
                        grid: { drawOnChartArea: false },
                    },
                },
            },
        });
    }
}

export const paretoField = {
    component: ParetoField,
    displayName: _t("Pareto"),
    supportedTypes: ["json"],
};

registry.category("fields").add("key_account_pareto", paretoField);
