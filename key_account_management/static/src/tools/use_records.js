// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";

/** Opens records and runs their buttons, from a component that is no view. */
export function useRecords() {
    const action = useService("action");
    return {
        open(model, id) {
            return action.doAction({
                type: "ir.actions.act_window",
                res_model: model,
                res_id: id,
                views: [[false, "form"]],
            });
        },
        /** Run a method or an action; ``onClose`` is called when its dialog is closed. */
        run(model, id, name, onClose, type = "object") {
            return action.doActionButton({
                type,
                name,
                resModel: model,
                resId: id,
                resIds: [id],
                context: user.context,
                onClose,
            });
        },
    };
}
