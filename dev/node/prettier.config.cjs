// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
module.exports = {
    plugins: [require.resolve("@prettier/plugin-xml")],
    tabWidth: 4,
    trailingComma: "es5",
    overrides: [
        { files: "*.js", options: { printWidth: 100 } },
        {
            files: "*.xml",
            options: {
                printWidth: 160,
                bracketSameLine: true,
                // Blanks show in QWeb templates, in texts and in their translations:
                // the formatter sets attributes, and leaves what stands between tags.
                xmlWhitespaceSensitivity: "strict",
            },
        },
    ],
};
