// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { BAD, ChartField } from "../tools/chart_field";

/** Bars by weight, and the line of what they add up to. */
export class ParetoField extends ChartField {
    static template = "key_account_management.ParetoField";

    get rows() {
        return this.value ? this.value.rows : [];
    }

    get config() {
        const { measure } = this.value;
        return {
            data: {
                labels: this.rows.map((row) => row.label),
                datasets: [
                    {
                        type: "line",
                        label: _t("Cumulative Share (%)"),
                        data: this.rows.map((row) => row.cumulative),
                        yAxisID: "share",
                        borderColor: BAD,
                        backgroundColor: BAD,
                    },
                    {
                        type: "bar",
                        label: measure === "cost" ? _t("Cost") : _t("Number"),
                        data: this.rows.map((row) => row[measure]),
                        yAxisID: "weight",
                        backgroundColor: this.mainColor,
                    },
                ],
            },
            options: {
                plugins: { legend: { labels: { color: this.textColor } } },
                scales: {
                    x: this.axis(),
                    weight: this.axis({ beginAtZero: true, position: "left" }),
                    share: this.axis({
                        min: 0,
                        max: 100,
                        position: "right",
                        grid: { drawOnChartArea: false },
                    }),
                },
            },
        };
    }
}

export const paretoField = {
    component: ParetoField,
    displayName: _t("Pareto"),
    supportedTypes: ["json"],
};

registry.category("fields").add("key_account_pareto", paretoField);
