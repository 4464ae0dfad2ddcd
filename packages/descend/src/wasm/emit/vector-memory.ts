/**
 * Vectors from memory and back. Neighbors along the vector axis may be side by side (one access), the same number (a splat), or
 * apart (an access for each lane that exists).
 */

import type { Access } from "../lower/value.js";
import type { Addresses } from "./addresses.js";

/** Pushes the vector at `access`. */
export function loadVector(e: Addresses, access: Access): void {
  const { f, format } = e;
  const stride = access.strides[e.vectorAxis] ?? 0;
  if (stride === 0) {
    f.memory(format.bytes === 8 ? "v128.load64_splat" : "v128.load32_splat", e.address(access));
    return;
  }
  if (stride === format.bytes) {
    f.memory("v128.load", e.address(access), format.shift);
    return;
  }
  const address = f.local("i32");
  const offset = e.address(access);
  f.tee(address);
  loadFirstLane(e, offset);
  loadOtherLanes(e, () => f.get(address), offset, stride);
  f.release(address);
}

/** Pushes the vector at `access` plus an offset that `pushPlace` pushes as an i32x4, the same in all lanes: an ordinary access. */
export function gatherAtOne(e: Addresses, access: Access, pushPlace: () => void): void {
  const { f, format } = e;
  const stride = access.strides[e.vectorAxis] ?? 0;
  const address = f.local("i32");
  const offset = e.address(access);
  pushPlace();
  f.lane("i32x4.extract_lane", 0).op("i32.add").set(address);
  f.get(address);
  if (stride === 0) f.memory(format.bytes === 8 ? "v128.load64_splat" : "v128.load32_splat", offset);
  else if (stride === format.bytes) f.memory("v128.load", offset, format.shift);
  else {
    loadFirstLane(e, offset);
    loadOtherLanes(e, () => f.get(address), offset, stride);
  }
  f.release(address);
}

/** Pushes a vector of numbers at `access` plus offsets that `pushPlaces` pushes as an i32x4, one a lane. */
export function gatherLanes(e: Addresses, access: Access, pushPlaces: () => void): void {
  const { f } = e;
  const stride = access.strides[e.vectorAxis] ?? 0;
  const places = f.local("v128");
  const start = f.local("i32");
  pushPlaces();
  f.set(places);
  const offset = e.address(access);
  f.set(start);
  const at = (lane: number): void => {
    f.get(start).get(places).lane("i32x4.extract_lane", lane).op("i32.add");
  };
  at(0);
  loadFirstLane(e, offset);
  loadOtherLanes(e, at, offset, stride);
  f.release(places);
  f.release(start);
}

function loadFirstLane({ f, format }: Addresses, offset: number): void {
  f.memory(format.bytes === 8 ? "v128.load64_zero" : "v128.load32_zero", offset);
}

/** Fills lanes 1, 2, … of the vector on the stack, as many as exist, from the addresses that `pushAddress` pushes. */
function loadOtherLanes(e: Addresses, pushAddress: (lane: number) => void, offset: number, stride: number): void {
  const { f, format } = e;
  const vector = f.local("v128");
  f.set(vector);
  for (let lane = 1; lane < e.activeLanes; lane++) {
    pushAddress(lane);
    f.get(vector)
      .laneMemory(format.bytes === 8 ? "v128.load64_lane" : "v128.load32_lane", lane, offset + lane * stride)
      .set(vector);
  }
  f.get(vector);
  f.release(vector);
}

/** Stores the lanes that exist of the vector in a local. */
export function storeVector(e: Addresses, local: number, access: Access): void {
  const { f, format } = e;
  const stride = access.strides[e.vectorAxis] ?? 0;
  const lanes = e.activeLanes;
  if (stride === format.bytes && lanes === format.lanes) {
    const offset = e.address(access);
    f.get(local).memory("v128.store", offset, format.shift);
    return;
  }
  const address = f.local("i32");
  const offset = e.address(access);
  f.set(address);
  const count = stride === 0 ? 1 : lanes;
  for (let lane = 0; lane < count; lane++) {
    f.get(address)
      .get(local)
      .laneMemory(format.bytes === 8 ? "v128.store64_lane" : "v128.store32_lane", lane, offset + lane * stride);
  }
  f.release(address);
}
