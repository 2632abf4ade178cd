// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { _t } from "@web/core/l10n/translation";
import { BAD, ChartField } from "./chart_field";

/**
 * Bars by weight, and the line of what they add up to.
 *
 * The value has rows, each with its label and cumulative share, and names the measure
 * that is the weight. A field extends this class by the weight's label.
 */
export class ParetoField extends ChartField {
    get weightLabel() {
        return "";
    }

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
                        label: this.weightLabel,
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
