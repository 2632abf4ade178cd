// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { BAD, ChartField, GOOD } from "../tools/chart_field";

/** Bars from list price to margin: totals stand on the ground, steps hang between. */
export class WaterfallField extends ChartField {
    static template = "key_account_management.WaterfallField";

    get rows() {
        return this.value ? this.value.steps : [];
    }

    /** Share of the list price, the yardstick of all steps. */
    share(amount) {
        const list = this.rows[0].amount;
        return list ? this.percent((100 * amount) / list) : "";
    }

    get bars() {
        let running = 0;
        return this.rows.map((step) => {
            const from = step.total ? 0 : running;
            running = from + step.amount;
            return [from, running];
        });
    }

    color(step) {
        if (step.total) {
            return this.mainColor;
        }
        return step.amount < 0 ? BAD : GOOD;
    }

    get config() {
        const label = ({ dataIndex }) => {
            const { amount } = this.rows[dataIndex];
            return `${this.money(amount)} (${this.share(amount)})`;
        };
        return {
            type: "bar",
            data: {
                labels: this.rows.map((step) => step.label),
                datasets: [
                    {
                        data: this.bars,
                        backgroundColor: this.rows.map((step) => this.color(step)),
                    },
                ],
            },
            options: {
                plugins: { legend: { display: false }, tooltip: { callbacks: { label } } },
                scales: { x: this.axis(), y: this.axis({ beginAtZero: true }) },
            },
        };
    }
}

export const waterfallField = {
    component: WaterfallField,
    displayName: _t("Price Waterfall"),
    supportedTypes: ["json"],
};

registry.category("fields").add("key_account_waterfall", waterfallField);
