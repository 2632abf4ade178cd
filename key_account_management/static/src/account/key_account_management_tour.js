// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("key_account_management_tour", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            trigger: '.o_app[data-menu-xmlid="key_account_management.key_account_menu_root"]',
            content: _t("This is where you manage your most important customers."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: '[data-menu-xmlid="key_account_management.key_account_menu_accounts"]',
            content: _t("“My Day” tells what to do. First, it needs customers."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: '[data-menu-xmlid="key_account_management.key_account_menu_account"]',
            content: _t("Open your key accounts."),
            tooltipPosition: "right",
            run: "click",
        },
        {
            trigger: ".o_control_panel .o-kanban-button-new",
            content: _t("Make your first customer a key account."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='partner_id'] input",
            content: _t("Choose a customer; a few letters are enough."),
            tooltipPosition: "right",
            run: "edit Tour",
        },
        {
            isActive: ["auto"],
            trigger: ".ui-menu-item > a:contains('Tour Handels GmbH')",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='tier_id'] input",
            content: _t("A tier carries price list, payment terms and service levels."),
            tooltipPosition: "right",
            run: "click",
        },
        {
            isActive: ["auto"],
            trigger: ".ui-menu-item > a:contains('Prospect')",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_form_button_save",
            content: _t("Save. From now on, orders and invoices show their key account."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["auto"],
            trigger: ".o_form_view .o_form_saved",
        },
        {
            trigger: ".o_form_view .o_notebook a[name='figures']",
            content: _t("How important is this customer? Look at the figures."),
            tooltipPosition: "top",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name='action_refresh_figures']",
            content: _t("Take its figures from the invoices of the last twelve months."),
            tooltipPosition: "bottom",
            run: "click",
        },
    ],
});
