/** A file in memory that grows. */

import type { ByteFile } from "../../src/data/row-file.js";

export function memoryFile(): ByteFile {
  let bytes = new Uint8Array(0);
  return {
    read(into, place) {
      into.set(bytes.subarray(place, place + into.length));
    },
    write(from, place) {
      if (place + from.length > bytes.length) {
        const grown = new Uint8Array(Math.max(2 * bytes.length, place + from.length));
        grown.set(bytes);
        bytes = grown;
      }
      bytes.set(from, place);
    },
  };
}
