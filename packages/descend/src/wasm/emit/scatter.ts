/** Sums at places that are known only while the program runs. */

import { scalarOp } from "../format.js";
import type { Access, Value } from "../lower/value.js";
import type { Emitter } from "./emitter.js";
import type { Limit } from "./running-sum.js";

/** Adds lane after lane at the places the indices say. */
export function scatter(e: Emitter, places: Value, value: Value, access: Access, lanes: number, limit: Limit): void {
  const { f, format } = e;
  const stride = access.strides[e.vectorAxis] ?? 0;
  const [at, terms, start, address] = [f.local("v128"), f.local("v128"), f.local("i32"), f.local("i32")];
  e.vector(places);
  f.set(at);
  e.vectorNumber(value);
  f.set(terms);
  const offset = e.address(access);
  f.set(start);
  const load = `${format.scalar}.load` as const;
  const store = `${format.scalar}.store` as const;
  const addLane = (lane: number): void => {
    f.get(start).get(at).lane("i32x4.extract_lane", lane).op("i32.add").tee(address);
    f.get(address)
      .memory(load, offset + lane * stride)
      .get(terms)
      .lane(`${format.vector}.extract_lane`, lane);
    f.op(scalarOp(format, "add")).memory(store, offset + lane * stride);
  };
  for (let lane = 0; lane < (e.vectorAxis < 0 ? 1 : lanes); lane++) {
    if (typeof limit === "string") addLane(lane);
    else
      f.get(limit.mask)
        .get(limit.index)
        .op("i32.add")
        .memory("i32.load", lane * format.bytes)
        .if(() => addLane(lane));
  }
  for (const local of [at, terms, start, address]) f.release(local);
}
