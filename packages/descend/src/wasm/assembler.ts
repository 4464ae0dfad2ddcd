/**
 * An encoder for WebAssembly modules: functions are written instruction by instruction, in the order of the stack machine.
 *
 * Source: WebAssembly Core Specification 2.0, chapter 5 (binary format).
 */

import { invariant } from "../errors.js";
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

/** Growable bytes with the encodings of the binary format. */
class ByteBuffer {
  private bytes = new Uint8Array(256);
  private readonly view = new DataView(new ArrayBuffer(8));
  length = 0;

  byte(value: number): void {
    if (this.length === this.bytes.length) this.grow(1);
    this.bytes[this.length++] = value;
  }

  /** Unsigned LEB128, up to 2⁵³. */
  unsigned(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** Signed LEB128 of a 64-bit integer. */
  signed(value: bigint): void {
    let rest = value;
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      if ((rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)) {
        this.byte(low);
        return;
      }
      this.byte(low | 0x80);
    }
  }

  /** Signed LEB128 of a 32-bit integer. */
  signed32(value: number): void {
    let rest = value | 0;
    for (;;) {
      const low = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) {
        this.byte(low);
        return;
      }
      this.byte(low | 0x80);
    }
  }

  float64(value: number): void {
    this.view.setFloat64(0, value, true);
    for (let i = 0; i < 8; i++) this.byte(this.view.getUint8(i));
  }

  float32(value: number): void {
    this.view.setFloat32(0, value, true);
    for (let i = 0; i < 4; i++) this.byte(this.view.getUint8(i));
  }

  text(value: string): void {
    const encoded = new TextEncoder().encode(value);
    this.unsigned(encoded.length);
    this.append(encoded);
  }

  append(values: Uint8Array): void {
    if (this.length + values.length > this.bytes.length) this.grow(values.length);
    this.bytes.set(values, this.length);
    this.length += values.length;
  }

  take(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private grow(by: number): void {
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + by));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** The value a block leaves on the stack, if any. */
export type BlockType = ValueType | undefined;

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

  /** A load or store at (address on the stack) + offset. SIMD accesses need not be aligned; `align` is a promise, a power of two exponent. */
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

/** A block or loop one can branch to. */
export interface Label {
  readonly depth: number;
}

/** A module under construction: one memory, imported as "descend" "memory", and functions. */
export class ModuleBuilder {
  private readonly types: string[] = [];
  private readonly typeBytes: Uint8Array[] = [];
  private readonly functions: { builder: FunctionBuilder; type: number; exportName: string | undefined }[] = [];
  private readonly globals: ({ type: "i32"; initial: number } | { type: "v128"; bytes: Uint8Array })[] = [];
  private readonly memory: { initialPages: number; maximumPages: number; shared: boolean };

  /** @param memory - in pages of 64 KiB; a shared memory must state its maximum. */
  constructor(memory: { initialPages: number; maximumPages: number; shared: boolean }) {
    this.memory = memory;
  }

  addFunction(params: readonly ValueType[], results: readonly ValueType[], exportName?: string): FunctionBuilder {
    const builder = new FunctionBuilder(this.functions.length, params, results);
    this.functions.push({ builder, type: this.typeIndex(params, results), exportName });
    return builder;
  }

  /** A mutable i32 global. */
  addGlobal(initial: number): number {
    this.globals.push({ type: "i32", initial });
    return this.globals.length - 1;
  }

  /** An immutable global with a vector literal: V8 reads it from memory, where a literal in code is built from two integers. */
  addConstant(bytes: Uint8Array): number {
    invariant(bytes.length === 16, "a vector literal has 16 bytes");
    this.globals.push({ type: "v128", bytes });
    return this.globals.length - 1;
  }

  build(): Uint8Array<ArrayBuffer> {
    const module = new ByteBuffer();
    module.append(Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    const section = (id: number, write: (section: ByteBuffer) => void): void => {
      const content = new ByteBuffer();
      write(content);
      module.byte(id);
      module.unsigned(content.length);
      module.append(content.take());
    };
    section(1, (s) => {
      s.unsigned(this.typeBytes.length);
      for (const type of this.typeBytes) s.append(type);
    });
    section(2, (s) => {
      s.unsigned(1);
      s.text("descend");
      s.text("memory");
      s.byte(0x02);
      s.byte(this.memory.shared ? 0x03 : 0x01);
      s.unsigned(this.memory.initialPages);
      s.unsigned(this.memory.maximumPages);
    });
    section(3, (s) => {
      s.unsigned(this.functions.length);
      for (const f of this.functions) s.unsigned(f.type);
    });
    section(6, (s) => {
      s.unsigned(this.globals.length);
      for (const global of this.globals) {
        s.byte(valueTypes[global.type]);
        if (global.type === "i32") {
          s.byte(1);
          s.byte(0x41);
          s.signed32(global.initial);
        } else {
          s.byte(0);
          s.byte(0xfd);
          s.unsigned(12);
          s.append(global.bytes);
        }
        s.byte(0x0b);
      }
    });
    const exported = this.functions.filter((f) => f.exportName !== undefined);
    section(7, (s) => {
      s.unsigned(exported.length);
      for (const f of exported) {
        s.text(f.exportName!);
        s.byte(0);
        s.unsigned(f.builder.index);
      }
    });
    section(10, (s) => {
      s.unsigned(this.functions.length);
      for (const f of this.functions) {
        const body = f.builder.encode();
        s.unsigned(body.length);
        s.append(body);
      }
    });
    return Uint8Array.from(module.take());
  }

  private typeIndex(params: readonly ValueType[], results: readonly ValueType[]): number {
    const key = `${params.join()}>${results.join()}`;
    const known = this.types.indexOf(key);
    if (known >= 0) return known;
    const bytes = new ByteBuffer();
    bytes.byte(0x60);
    for (const list of [params, results]) {
      bytes.unsigned(list.length);
      for (const type of list) bytes.byte(valueTypes[type]);
    }
    this.types.push(key);
    this.typeBytes.push(bytes.take());
    return this.types.length - 1;
  }
}
