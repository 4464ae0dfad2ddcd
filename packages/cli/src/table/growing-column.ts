/** A column whose length is not known before it has been read: blocks that are never copied until the end. */

const BLOCK = 1 << 16;

export class GrowingColumn<A extends Float64Array | Int32Array> {
  private readonly create: (length: number) => A;
  private blocks: A[] = [];
  private filled: number = BLOCK;

  constructor(create: (length: number) => A) {
    this.create = create;
  }

  /** Appends numbers. */
  append(values: A): void {
    let from = 0;
    while (from < values.length) {
      const room = this.room();
      const count = Math.min(room, values.length - from);
      this.blocks.at(-1)!.set(values.subarray(from, from + count), this.filled);
      this.filled += count;
      from += count;
    }
  }

  /** Appends one number. */
  push(value: number): void {
    this.room();
    this.blocks.at(-1)![this.filled++] = value;
  }

  /** Everything in one array. The blocks are let go one by one, so at most one column is held twice. */
  finish(): A {
    const length = this.blocks.length === 0 ? 0 : (this.blocks.length - 1) * BLOCK + this.filled;
    const whole = this.create(length);
    this.blocks.forEach((block, k) => {
      whole.set(k === this.blocks.length - 1 ? block.subarray(0, this.filled) : block, k * BLOCK);
    });
    this.blocks = [];
    this.filled = BLOCK;
    return whole;
  }

  /** Places left in the last block, at least 1. */
  private room(): number {
    if (this.filled === BLOCK) {
      this.blocks.push(this.create(BLOCK));
      this.filled = 0;
    }
    return BLOCK - this.filled;
  }
}
