/** @odoo-module **/
// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { Component, onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { getColor } from "@web/core/colors/colors";
import { cookie } from "@web/core/browser/cookie";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Bars from list price to margin: totals stand on the ground, steps hang between. */
export class WaterfallField extends Component {
    static template = "key_account_management.WaterfallField";
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

    get steps() {
        return this.value ? this.value.steps : [];
    }

    format(amount) {
        return formatMonetary(amount, { currencyId: this.value.currency_id });
    }

    /** Share of the list price, the yardstick of all steps. */
    share(amount) {
        const list = this.steps.length && this.steps[0].amount;
        return list ? `${((100 * amount) / list).toFixed(1)} %` : "";
    }

    erase() {
        if (this.chart) {
            this.chart.destroy();
            this.chart = null;
        }
    }

    get bars() {
        let running = 0;
        return this.steps.map((step) => {
            if (step.total) {
                running = step.amount;
                return [0, step.amount];
            }
            const from = running;
            running += step.amount;
            return [from, running];
        });
    }

    draw() {
        this.erase();
        if (!this.canvas.el || !this.steps.length) {
            return;
        }
        const scheme = cookie.get("color_scheme");
        const text = scheme === "dark" ? "#e4e4e4" : "#495057";
        this.chart = new Chart(this.canvas.el, {
            type: "bar",
            data: {
                labels: this.steps.map((step) => step.label),
                datasets: [
                    {
                        data: this.bars,
                        backgroundColor: this.steps.map((step) =>
                            step.total
                                ? getColor(0, scheme, 6)
                                : step.amount < 0
                                  ? "#d1495b"
                                  : "#3c9d63"
                        ),
                    },
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                plugins: {
                    legend: { display: false },
                    tooltip: {
                        callbacks: {
                            label: (item) => {
                                const step = this.steps[item.dataIndex];
                                return `${this.format(step.amount)} (${this.share(step.amount)})`;
                            },
                        },
                    },
                },
                scales: {
                    x: { ticks: { color: text } },
                    y: { beginAtZero: true, ticks: { color: text } },
                },
            },
        });
    }
}

export const waterfallField = {
    component: WaterfallField,
    displayName: _t("Price Waterfall"),
    supportedTypes: ["json"],
};

registry.category("fields").add("key_account_waterfall", waterfallField);
