/** The color at share `t` ∈ [0, 1] of the way between two colors written as #rrggbb, each channel by itself. */
export function interpolateColor(from: string, to: string, t: number): string {
  const channel = (at: number): string => {
    const [a, b] = [from, to].map((color) => Number.parseInt(color.slice(at, at + 2), 16)) as [number, number];
    return Math.round(a + (b - a) * t)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}
