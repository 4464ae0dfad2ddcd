/**
 * What compiled programs use of the host's `WebAssembly.Memory` and `WebAssembly.Instance`: types of our own, so that the declarations of
 * the library compile where no lib has the host's (`"lib": ["ES2022"]`).
 */

export interface WebMemory {
  readonly buffer: ArrayBuffer;
  /** By pages of 64 KiB; returns how many there were. */
  grow(pages: number): number;
}

export interface WebInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}
