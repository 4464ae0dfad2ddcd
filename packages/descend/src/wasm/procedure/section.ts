/** A static section of a pass: the kernels between two sweeps, one after the other. */

import { elementCount } from "../../graph/graph.js";
import type { Emitter } from "../emit/emitter.js";
import { emitNest } from "../emit/nest.js";
import { callNest, type NestForm, repeatedNests } from "../emit/repeated-nests.js";
import type { Fusion } from "../lower/fuse.js";
import type { Kernel } from "../lower/kernel.js";
import type { Root } from "../lower/roots.js";
import type { Value } from "../lower/value.js";
import { emitMatmul } from "../product/product.js";
import type { ModuleParts } from "./sweep.js";

export function emitSection(parts: ModuleParts, fusion: Fusion, e: Emitter): void {
  const repeated = repeatedNests(fusion.kernels);
  for (const kernel of fusion.kernels) emitKernel(parts, fusion, kernel, repeated.get(kernel), e);
}

function emitKernel(parts: ModuleParts, fusion: Fusion, kernel: Kernel, form: NestForm | undefined, e: Emitter): void {
  const { f, format } = e;
  if (kernel.kind === "matmul") {
    emitMatmul(parts, kernel, fusion, e, undefined);
  } else if (kernel.kind === "scalars") {
    const { values } = fusion.context;
    kernel.roots.forEach((root, i) =>
      storeScalars(
        root,
        kernel.bodies[i]!.map((value) => values.number(value)),
        e,
      ),
    );
  } else {
    e.hoistConstants(kernel.bodies.flat(), false);
    for (const root of kernel.roots) {
      const elements = elementCount(root.node.shape);
      if (root.spec.combine !== "scatter" || elements === 0) continue;
      f.i32(e.address({ base: root.home.base, offset: root.home.offset, strides: [] })).op("i32.add");
      f.i32(0)
        .i32(elements * format.bytes)
        .memoryFill();
    }
    const options = { rows: undefined, masks: parts.memory.masks.address };
    if (form !== undefined) callNest(parts.module, form, e, options);
    else emitNest(kernel, e, options);
  }
}

function storeScalars(root: Root, numbers: readonly Value[], e: Emitter): void {
  const { f, format } = e;
  e.ensureScalars(numbers);
  const { shape, strides, base, offset } = root.home;
  numbers.forEach((value, i) => {
    let [rest, at] = [i, offset];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    const fixed = e.address({ base, offset: at, strides: [] });
    e.scalar(value);
    f.memory(`${format.scalar}.store`, fixed);
  });
}
