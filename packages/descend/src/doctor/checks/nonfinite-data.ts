/** Values that are not finite, found before anything is run. */

import type { Check } from "../check.js";

export const nonfiniteData: Check = {
  id: "nonfinite-data",
  explains: ["before"],
  examine(examination) {
    const panel = examination.data;
    if (panel === undefined) return undefined;
    const bad = [...panel.columns, panel.target].filter(({ notFinite }) => notFinite > 0);
    if (bad.length === 0) return undefined;
    const { table } = examination.settled;
    const rows: number[] = [];
    for (let i = 0; i < table!.rows; i++) {
      if (!Number.isFinite(table!.target[i]!) || table!.columns.some((column) => !Number.isFinite(column[i]!))) rows.push(i);
    }
    const total = bad.reduce((sum, { notFinite }) => sum + notFinite, 0);
    const evidence = bad.map(({ name, notFinite, firstNotFinite }) =>
      examination.note(`not-finite.${name}`, notFinite, {
        unit: "values",
        threshold: 0,
        how: `count over the column "${name}", the first in row ${firstNotFinite}`,
      }),
    );
    const first = bad[0]!;
    return {
      confidence: 0.99,
      evidence,
      text: `${total} values are not finite, the first in column "${first.name}", row ${first.firstNotFinite}.`,
      values: { count: total, column: first.name, row: first.firstNotFinite, rows: rows.length },
      remedies: [
        {
          id: "drop-rows",
          patch: { dropRows: rows },
          fixLevel: "data",
          text: `Leave out the ${rows.length} rows that hold them.`,
          values: { rows: rows.length },
        },
      ],
    };
  },
};
