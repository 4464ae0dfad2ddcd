/**
 * An encoder for WebAssembly modules: types, the imported memory, globals, exports, and functions that write themselves.
 *
 * Source: WebAssembly Core Specification 2.0, section 5.5 (modules).
 */

import { invariant } from "../../errors.js";
import { ByteBuffer } from "./byte-buffer.js";
import { FunctionBuilder } from "./function-builder.js";
import { type ValueType, valueTypes } from "./opcodes.js";

export { FunctionBuilder, type Label } from "./function-builder.js";

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
    const builder = new FunctionBuilder(this.imported + this.functions.length, params, results);
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
      s.unsigned(1 + this.imported);
      this.importFunctions(s);
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

  /** Functions that are imported; they come before all others. */
  protected get imported(): number {
    return 0;
  }

  protected importFunctions(_section: ByteBuffer): void {}

  protected typeIndex(params: readonly ValueType[], results: readonly ValueType[]): number {
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
