/**
 * One function of a module, written instruction by instruction in the order of the stack machine.
 *
 * Source: WebAssembly Core Specification 2.0, section 5.4 (instructions).
 */

import { invariant } from "../../errors.js";
import { ByteBuffer } from "./byte-buffer.js";
import {
  type LaneInstruction,
  type LaneMemoryInstruction,
  laneMemoryOpcodes,
  laneOpcodes,
  type MemoryInstruction,
  memoryOpcodes,
  type PlainInstruction,
  plainOpcodes,
  type ValueType,
  valueTypes,
} from "./opcodes.js";

/** The value a block leaves on the stack, if any. */
export type BlockType = ValueType | undefined;

/** A block or loop one can branch to. */
export interface Label {
  readonly depth: number;
}

/**
 * One function under construction. Methods append an instruction and return the builder, so that
 * `f.get(x).get(y).op("f64.add").set(z)` reads like the stack machine runs.
 */
export class FunctionBuilder {
  readonly index: number;
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  private readonly localTypes: ValueType[] = [];
  private readonly free = new Map<ValueType, number[]>();
  private readonly code: ByteBuffer = new ByteBuffer();
  private depth = 0;

  /** Made by {@link ModuleBuilder.addFunction}. Parameters are locals 0, 1, … */
  constructor(index: number, params: readonly ValueType[], results: readonly ValueType[]) {
    this.index = index;
    this.params = params;
    this.results = results;
  }

  /** A local variable (zero at first unless it was {@link release}d before). */
  local(type: ValueType): number {
    const reusable = this.free.get(type)?.pop();
    if (reusable !== undefined) return reusable;
    this.localTypes.push(type);
    return this.params.length + this.localTypes.length - 1;
  }

  /** Gives a local back for reuse by a later {@link local} of its type. */
  release(local: number): void {
    const type = this.localTypes[local - this.params.length];
    invariant(type !== undefined, "only locals can be released");
    const list = this.free.get(type);
    if (list === undefined) this.free.set(type, [local]);
    else list.push(local);
  }

  /** Bytes of code so far; for deciding when to split a function. */
  get size(): number {
    return this.code.length;
  }

  get(local: number): this {
    this.code.byte(0x20);
    this.code.unsigned(local);
    return this;
  }

  set(local: number): this {
    this.code.byte(0x21);
    this.code.unsigned(local);
    return this;
  }

  tee(local: number): this {
    this.code.byte(0x22);
    this.code.unsigned(local);
    return this;
  }

  getGlobal(index: number): this {
    this.code.byte(0x23);
    this.code.unsigned(index);
    return this;
  }

  setGlobal(index: number): this {
    this.code.byte(0x24);
    this.code.unsigned(index);
    return this;
  }

  i32(value: number): this {
    this.code.byte(0x41);
    this.code.signed32(value);
    return this;
  }

  i64(value: bigint): this {
    this.code.byte(0x42);
    this.code.signed(BigInt.asIntN(64, value));
    return this;
  }

  f32(value: number): this {
    this.code.byte(0x43);
    this.code.float32(value);
    return this;
  }

  f64(value: number): this {
    this.code.byte(0x44);
    this.code.float64(value);
    return this;
  }

  /** A vector literal from its 16 bytes. */
  v128(bytes: Uint8Array): this {
    invariant(bytes.length === 16, "a vector literal has 16 bytes");
    this.opcode([0xfd, 12]);
    this.code.append(bytes);
    return this;
  }

  /** A vector literal with the same float64 in both lanes, or one per lane. */
  f64x2(low: number, high: number = low): this {
    return this.v128(new Uint8Array(Float64Array.of(low, high).buffer));
  }

  /** A vector literal with the same float32 in all lanes. */
  f32x4(value: number): this {
    return this.v128(new Uint8Array(new Float32Array(4).fill(value).buffer));
  }

  /** A vector literal with the same 64-bit integer in both lanes. */
  i64x2(value: bigint): this {
    const lane = BigInt.asIntN(64, value);
    return this.v128(new Uint8Array(BigInt64Array.of(lane, lane).buffer));
  }

  /** A vector literal with the same 32-bit integer in all lanes. */
  i32x4(value: number): this {
    return this.v128(new Uint8Array(new Int32Array(4).fill(value).buffer));
  }

  /** An instruction without immediates. */
  op(name: PlainInstruction): this {
    this.opcode(plainOpcodes[name]);
    return this;
  }

  /**
   * A load or store at (address on the stack) + offset. SIMD accesses need not be aligned; `align` is a promise, a power of two exponent.
   */
  memory(name: MemoryInstruction, offset = 0, align: number = memoryOpcodes[name][1]): this {
    this.opcode(memoryOpcodes[name][0]);
    this.code.unsigned(align);
    this.code.unsigned(offset);
    return this;
  }

  lane(name: LaneInstruction, lane: number): this {
    this.opcode(laneOpcodes[name]);
    this.code.byte(lane);
    return this;
  }

  laneMemory(name: LaneMemoryInstruction, lane: number, offset = 0): this {
    this.opcode(laneMemoryOpcodes[name][0]);
    this.code.unsigned(laneMemoryOpcodes[name][1]);
    this.code.unsigned(offset);
    this.code.byte(lane);
    return this;
  }

  /** Bytes of two vectors picked by index 0…31. */
  shuffle(lanes: readonly number[]): this {
    invariant(lanes.length === 16, "a shuffle picks 16 bytes");
    this.opcode([0xfd, 13]);
    for (const lane of lanes) this.code.byte(lane);
    return this;
  }

  /** 32-bit lanes of two vectors picked by index 0…7. */
  shuffle32(lanes: readonly [number, number, number, number]): this {
    return this.shuffle(lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte)));
  }

  /** 64-bit lanes of two vectors picked by index 0…3. */
  shuffle64(low: number, high: number): this {
    return this.shuffle([low, high].flatMap((lane) => [0, 1, 2, 3, 4, 5, 6, 7].map((byte) => lane * 8 + byte)));
  }

  call(target: FunctionBuilder | number): this {
    this.code.byte(0x10);
    this.code.unsigned(typeof target === "number" ? target : target.index);
    return this;
  }

  /** Copies bytes: destination, source, length on the stack. */
  memoryCopy(): this {
    this.opcode([0xfc, 10]);
    this.code.byte(0);
    this.code.byte(0);
    return this;
  }

  /** Fills bytes: destination, byte, length on the stack. */
  memoryFill(): this {
    this.opcode([0xfc, 11]);
    this.code.byte(0);
    return this;
  }

  /** `block … end`: a branch to it goes behind its end. `body` receives the label. */
  block(body: (label: Label) => void, type?: BlockType): this {
    return this.structured(0x02, type, body);
  }

  /** `loop … end`: a branch to it goes back to its start. */
  loop(body: (label: Label) => void, type?: BlockType): this {
    return this.structured(0x03, type, body);
  }

  /** `if … else … end` on the i32 on the stack. */
  if(then: () => void, otherwise?: () => void, type?: BlockType): this {
    return this.structured(0x04, type, () => {
      then();
      if (otherwise !== undefined) {
        this.code.byte(0x05);
        otherwise();
      }
    });
  }

  /** Branch to an enclosing block or loop. */
  br(label: Label): this {
    this.code.byte(0x0c);
    this.code.unsigned(this.depth - label.depth);
    return this;
  }

  /** Branch if the i32 on the stack is nonzero. */
  brIf(label: Label): this {
    this.code.byte(0x0d);
    this.code.unsigned(this.depth - label.depth);
    return this;
  }

  /** The body in binary form: run-length coded locals, code, end. */
  encode(): Uint8Array {
    invariant(this.depth === 0, "every block must be closed");
    const body = new ByteBuffer();
    const runs: [ValueType, number][] = [];
    for (const type of this.localTypes) {
      const last = runs.at(-1);
      if (last !== undefined && last[0] === type) last[1]++;
      else runs.push([type, 1]);
    }
    body.unsigned(runs.length);
    for (const [type, count] of runs) {
      body.unsigned(count);
      body.byte(valueTypes[type]);
    }
    body.append(this.code.take());
    body.byte(0x0b);
    return body.take();
  }

  private opcode(opcode: readonly number[]): void {
    this.code.byte(opcode[0]!);
    if (opcode.length > 1) this.code.unsigned(opcode[1]!);
  }

  private structured(opcode: number, type: BlockType, body: (label: Label) => void): this {
    this.code.byte(opcode);
    this.code.byte(type === undefined ? 0x40 : valueTypes[type]);
    this.depth++;
    body({ depth: this.depth });
    this.depth--;
    this.code.byte(0x0b);
    return this;
  }
}
