/** Numbers as figures show them: few digits, a true minus sign, powers of ten written as such. */

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** 10 to a whole power, such as "10⁻⁸". */
export function powerOfTen(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => superscripts[Number(digit)]!).join("");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

/** A number with at most `digits` significant digits: 0.125, −3.2, 1.5×10⁻⁷. */
export function formatValue(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  if (value === 0) return "0";
  const [mantissa, power] = value.toExponential(digits - 1).split("e") as [string, string];
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return Number(`${mantissa}e${exponent}`).toString().replace("-", "−");
  const shown = String(Number(mantissa)).replace("-", "−");
  if (shown === "1") return powerOfTen(exponent);
  return shown === "−1" ? `−${powerOfTen(exponent)}` : `${shown}×${powerOfTen(exponent)}`;
}

/** A value with a decimal count, and a true minus sign. */
export function formatFixed(value: number, decimals: number): string {
  const text = value.toFixed(Math.min(100, Math.max(0, decimals)));
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}
