import { formatValue } from "descend/plot";

/** Numbers that stand alone: no part of a name, a date or a version. */
const NUMBER = /(?<![\p{L}\p{N}_.\-−])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\p{L}\p{N}_]|\.\d|-\d)/giu;

/**
 * Sentences of the library with their numbers as reports write them: 4.62×10⁻¹⁵ for 4.62e-15 and 0.00000171 alike, and a true minus sign.
 */
export function typeset(text: string): string {
  return text.replace(NUMBER, (spelt) => {
    const value = Number(spelt);
    const plain = !/e/i.test(spelt) && value >= 0 && (value === 0 || value >= 1e-4);
    return plain ? spelt : formatValue(value, 15);
  });
}
