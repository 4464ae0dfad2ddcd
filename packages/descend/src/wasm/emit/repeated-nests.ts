/**
 * Loop nests that a pass has several times, such as those of equal layers of a network: written once, as a function of the addresses and
 * numbers in which they differ. So the code grows with the number of different layers instead of their number.
 */

import type { FunctionBuilder, ModuleBuilder } from "../encode/assembler.js";
import type { ValueType } from "../encode/opcodes.js";
import { sharedFunction } from "../encode/shared-function.js";
import type { Kernel } from "../lower/kernel.js";
import { isStored } from "../lower/roots.js";
import type { Access, Value } from "../lower/value.js";
import { type Base, type Pointer, pointer } from "../lower/view.js";
import { Emitter } from "./emitter.js";
import { emitNest } from "./nest.js";

/** Occurrences from which a call each is less than writing the nest each time. */
const FEWEST = 3;
/** Addresses and numbers of a call beyond which it is no longer short. */
const MOST_ARGUMENTS = 24;
/** Bytes behind an address within which others are told as offsets from it: elements of one small array, columns side by side. */
const NEIGHBORHOOD = 1024;

const NOWHERE = { base: pointer("nowhere"), offset: 0 };

/** A nest without its addresses and numbers. */
export interface NestForm {
  /** The same for nests that differ in addresses and numbers only. */
  readonly key: string;
  /** The nest with pointers for its addresses and variables for its numbers. */
  readonly kernel: Kernel;
  readonly addresses: readonly { readonly pointer: Pointer; readonly base: Base; readonly offset: number }[];
  /** What no loop of the nest changes, and the variable that stands for it. */
  readonly numbers: readonly { readonly value: Value; readonly variable: Value }[];
}

/** The nests of which a list has several, by form. */
export function repeatedNests(kernels: readonly Kernel[]): ReadonlyMap<Kernel, NestForm> {
  const forms = new Map<Kernel, NestForm>();
  const count = new Map<string, number>();
  const nests = kernels.filter(isSimple);
  if (nests.length < FEWEST) return forms;
  for (const kernel of nests) {
    const form = new FormOfNest(kernel).form();
    if (form.addresses.length + form.numbers.length > MOST_ARGUMENTS) continue;
    forms.set(kernel, form);
    count.set(form.key, (count.get(form.key) ?? 0) + 1);
  }
  for (const [kernel, { key }] of forms) if (count.get(key)! < FEWEST) forms.delete(kernel);
  return forms;
}

/** Not empty, and no scatter, which comes with memory that is cleared before it. */
function isSimple({ kind, axes, roots }: Kernel): boolean {
  return kind === "nest" && !axes.includes(0) && roots.every(({ spec }) => spec.combine !== "scatter");
}

/** Calls the function of a form, with `rows` (a local with the bytes of a column) in a sweep. */
export function callNest(module: ModuleBuilder, form: NestForm, e: Emitter, options: { rows: number | undefined; masks: number }): void {
  const { f } = e;
  const inSweep = options.rows !== undefined;
  const fn = sharedFunction(module, `nest ${inSweep} ${form.key}`, () => nestFunction(module, form, e, inSweep, options.masks));
  if (inSweep) f.get(options.rows!).get(e.tileRow);
  for (const { base, offset } of form.addresses) f.i32(e.address({ base, offset, strides: [] })).op("i32.add");
  for (const { value } of form.numbers) e.scalar(value);
  f.call(fn);
}

/** A function (rows and table index of the first one in a sweep, addresses, numbers). */
function nestFunction(module: ModuleBuilder, form: NestForm, { format, math }: Emitter, inSweep: boolean, masks: number): FunctionBuilder {
  const { kernel, addresses, numbers } = form;
  const params: ValueType[] = [
    ...(inSweep ? (["i32", "i32"] as const) : []),
    ...addresses.map(() => "i32" as const),
    ...numbers.map(() => format.scalar),
  ];
  const e = new Emitter(module.addFunction(params, []), format, math);
  let local = 0;
  const rows = inSweep ? local++ : undefined;
  if (inSweep) e.tileRow = local++;
  for (const { pointer } of addresses) e.bind(pointer, local++);
  for (const { variable } of numbers) e.bindVariable(variable, local++);
  e.hoistConstants(kernel.bodies.flat(), inSweep);
  emitNest(kernel, e, { rows, masks });
  return e.f;
}

/** Reads a nest and writes down what of it is form. */
class FormOfNest {
  private readonly kernel: Kernel;
  private readonly addresses: { pointer: Pointer; base: Base; offset: number }[] = [];
  private readonly numbers: { value: Value; variable: Value }[] = [];
  private readonly images = new Map<Value, Value>();
  private readonly words: (string | number)[] = [];

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  form(): NestForm {
    const { axes, reduced } = this.kernel;
    this.words.push(axes.join(), reduced);
    const bodies = this.kernel.bodies.map((body) => body.map((value) => this.value(value)));
    const roots = this.kernel.roots.map((root, i) => {
      const { spec, home } = root;
      this.words.push(spec.combine, spec.reduced, JSON.stringify(spec.place), home.blockStride, home.strides.join());
      for (const value of bodies[i]!) this.words.push(value.id);
      const { base, offset } = isStored(root) ? this.access(home) : NOWHERE;
      return { ...root, home: { ...home, base, offset } };
    });
    const { addresses, numbers } = this;
    return { key: this.words.join(" "), kernel: { ...this.kernel, roots, bodies }, addresses, numbers };
  }

  /** The same access, by an address of the form. */
  private access({ base, offset, strides }: Access): Access {
    let index = this.addresses.findIndex((near) => near.base === base && offset >= near.offset && offset - near.offset < NEIGHBORHOOD);
    if (index < 0) {
      index = this.addresses.length;
      this.addresses.push({ pointer: pointer(`address ${index}`), base, offset });
    }
    const near = this.addresses[index]!;
    this.words.push(index, offset - near.offset, strides.join());
    return { base: near.pointer, offset: offset - near.offset, strides };
  }

  private value(value: Value): Value {
    const known = this.images.get(value);
    if (known !== undefined) return known;
    const image = value.axes === 0 && value.op !== "constant" && value.kind === "number" ? this.number(value) : this.within(value);
    this.images.set(value, image);
    return image;
  }

  private number(value: Value): Value {
    const id = this.images.size;
    const variable: Value = { ...value, id, op: "variable", args: [], access: undefined, constant: this.numbers.length };
    this.numbers.push({ value, variable });
    this.words.push("variable");
    return variable;
  }

  private within(value: Value): Value {
    const args = value.args.map((arg) => this.value(arg));
    const { op, kind, axes, limit, constant } = value;
    this.words.push(op, kind, axes, limit, Object.is(constant, -0) ? "-0" : constant, ...args.map(({ id }) => id));
    const access = value.access && this.access(value.access);
    return { ...value, id: this.images.size, args, access };
  }
}
