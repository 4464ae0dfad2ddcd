/** Widths of text without a browser: an estimate on the safe side, for margins, wrapping and shortening. */

/** Width in units of the font size. Latin letters by class, East Asian characters one em. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (/\p{M}/u.test(character)) continue;
    if (code >= 0x1100 && (code <= 0x115f || (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3))) width += 1;
    else if ((code >= 0xf900 && code <= 0xfaff) || (code >= 0xff00 && code <= 0xff60) || code >= 0x1f300) width += 1;
    else if ("iljI.,:;'|!()[]/ ⁰¹²³⁴⁵⁶⁷⁸⁹⁻".includes(character)) width += 0.36;
    else if ("mwMW%@".includes(character)) width += 0.92;
    else if (character >= "A" && character <= "Z") width += 0.7;
    else width += 0.58;
  }
  return width;
}

/** Text of at most `most` ems: the end gives way to "…". */
export function shorten(text: string, most: number): string {
  if (textWidth(text) <= most) return text;
  const characters = [...text];
  let kept = "";
  let width = textWidth("…");
  for (const character of characters) {
    width += textWidth(character);
    if (width > most) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** Lines of at most `most` ems; breaks at spaces, between East Asian characters, and inside words that are too long. */
export function wrapText(text: string, most: number): string[] {
  const pieces = text.match(/[\u2e80-\u9fff\uac00-\ud7a3\uff00-\uff60]\p{P}?|[^\s\u2e80-\u9fff\uac00-\ud7a3\uff00-\uff60]+|\s+/gu) ?? [];
  const lines: string[] = [];
  let line = "";
  for (const piece of pieces) {
    if (textWidth(line + piece.trimEnd()) <= most) {
      line += piece;
      continue;
    }
    if (line.trim() !== "") lines.push(line.trim());
    line = piece.trimStart();
    while (textWidth(line) > most) {
      const characters = [...line];
      let end = characters.length - 1;
      while (end > 1 && textWidth(characters.slice(0, end).join("")) > most) end--;
      lines.push(characters.slice(0, end).join(""));
      line = characters.slice(end).join("");
    }
  }
  if (line.trim() !== "") lines.push(line.trim());
  return lines;
}
