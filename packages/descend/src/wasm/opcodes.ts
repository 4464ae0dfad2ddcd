/**
 * The WebAssembly instructions Descend uses, as data.
 *
 * Source: WebAssembly Core Specification 2.0, section 5.4 (binary format of instructions); names are those of the
 * text format. Two numbers mean a prefix byte and a LEB128 sub-opcode.
 */

/** Instructions without immediates. */
export const plainOpcodes = {
  unreachable: [0x00], nop: [0x01], return: [0x0f], drop: [0x1a], select: [0x1b],
  "i32.eqz": [0x45], "i32.eq": [0x46], "i32.ne": [0x47], "i32.lt_s": [0x48], "i32.lt_u": [0x49], "i32.gt_s": [0x4a], "i32.gt_u": [0x4b],
  "i32.le_s": [0x4c], "i32.le_u": [0x4d], "i32.ge_s": [0x4e], "i32.ge_u": [0x4f],
  "i64.eqz": [0x50], "i64.eq": [0x51], "i64.ne": [0x52], "i64.lt_s": [0x53], "i64.lt_u": [0x54], "i64.gt_s": [0x55], "i64.gt_u": [0x56],
  "i64.le_s": [0x57], "i64.ge_s": [0x59],
  "f32.eq": [0x5b], "f32.ne": [0x5c], "f32.lt": [0x5d], "f32.gt": [0x5e], "f32.le": [0x5f], "f32.ge": [0x60],
  "f64.eq": [0x61], "f64.ne": [0x62], "f64.lt": [0x63], "f64.gt": [0x64], "f64.le": [0x65], "f64.ge": [0x66],
  "i32.clz": [0x67], "i32.ctz": [0x68], "i32.popcnt": [0x69], "i32.add": [0x6a], "i32.sub": [0x6b], "i32.mul": [0x6c], "i32.div_s": [0x6d], "i32.div_u": [0x6e],
  "i32.rem_s": [0x6f], "i32.rem_u": [0x70], "i32.and": [0x71], "i32.or": [0x72], "i32.xor": [0x73], "i32.shl": [0x74],
  "i32.shr_s": [0x75], "i32.shr_u": [0x76], "i32.rotl": [0x77],
  "i64.clz": [0x79], "i64.ctz": [0x7a], "i64.add": [0x7c], "i64.sub": [0x7d], "i64.mul": [0x7e], "i64.div_u": [0x80], "i64.rem_u": [0x82],
  "i64.and": [0x83], "i64.or": [0x84], "i64.xor": [0x85], "i64.shl": [0x86], "i64.shr_s": [0x87], "i64.shr_u": [0x88],
  "f32.abs": [0x8b], "f32.neg": [0x8c], "f32.ceil": [0x8d], "f32.floor": [0x8e], "f32.trunc": [0x8f], "f32.nearest": [0x90], "f32.sqrt": [0x91],
  "f32.add": [0x92], "f32.sub": [0x93], "f32.mul": [0x94], "f32.div": [0x95], "f32.min": [0x96], "f32.max": [0x97], "f32.copysign": [0x98],
  "f64.abs": [0x99], "f64.neg": [0x9a], "f64.ceil": [0x9b], "f64.floor": [0x9c], "f64.trunc": [0x9d], "f64.nearest": [0x9e], "f64.sqrt": [0x9f],
  "f64.add": [0xa0], "f64.sub": [0xa1], "f64.mul": [0xa2], "f64.div": [0xa3], "f64.min": [0xa4], "f64.max": [0xa5], "f64.copysign": [0xa6],
  "i32.wrap_i64": [0xa7], "i32.trunc_f32_s": [0xa8], "i32.trunc_f64_s": [0xaa], "i32.trunc_f64_u": [0xab],
  "i64.extend_i32_s": [0xac], "i64.extend_i32_u": [0xad], "i64.trunc_f64_s": [0xb0], "i64.trunc_f64_u": [0xb1],
  "f32.convert_i32_s": [0xb2], "f32.convert_i32_u": [0xb3], "f32.demote_f64": [0xb6],
  "f64.convert_i32_s": [0xb7], "f64.convert_i32_u": [0xb8], "f64.convert_i64_s": [0xb9], "f64.convert_i64_u": [0xba], "f64.promote_f32": [0xbb],
  "i32.reinterpret_f32": [0xbc], "i64.reinterpret_f64": [0xbd], "f32.reinterpret_i32": [0xbe], "f64.reinterpret_i64": [0xbf],
  "i32.trunc_sat_f32_s": [0xfc, 0], "i32.trunc_sat_f32_u": [0xfc, 1], "i32.trunc_sat_f64_s": [0xfc, 2], "i32.trunc_sat_f64_u": [0xfc, 3],
  "i64.trunc_sat_f64_s": [0xfc, 6], "i64.trunc_sat_f64_u": [0xfc, 7],
  // SIMD
  "i8x16.swizzle": [0xfd, 14],
  "i8x16.splat": [0xfd, 15], "i16x8.splat": [0xfd, 16], "i32x4.splat": [0xfd, 17], "i64x2.splat": [0xfd, 18], "f32x4.splat": [0xfd, 19], "f64x2.splat": [0xfd, 20],
  "i32x4.eq": [0xfd, 55], "i32x4.ne": [0xfd, 56], "i32x4.lt_s": [0xfd, 57], "i32x4.lt_u": [0xfd, 58], "i32x4.gt_s": [0xfd, 59], "i32x4.gt_u": [0xfd, 60],
  "i32x4.le_s": [0xfd, 61], "i32x4.ge_s": [0xfd, 63],
  "f32x4.eq": [0xfd, 65], "f32x4.ne": [0xfd, 66], "f32x4.lt": [0xfd, 67], "f32x4.gt": [0xfd, 68], "f32x4.le": [0xfd, 69], "f32x4.ge": [0xfd, 70],
  "f64x2.eq": [0xfd, 71], "f64x2.ne": [0xfd, 72], "f64x2.lt": [0xfd, 73], "f64x2.gt": [0xfd, 74], "f64x2.le": [0xfd, 75], "f64x2.ge": [0xfd, 76],
  "v128.not": [0xfd, 77], "v128.and": [0xfd, 78], "v128.andnot": [0xfd, 79], "v128.or": [0xfd, 80], "v128.xor": [0xfd, 81], "v128.bitselect": [0xfd, 82], "v128.any_true": [0xfd, 83],
  "f32x4.demote_f64x2_zero": [0xfd, 94], "f64x2.promote_low_f32x4": [0xfd, 95],
  "f32x4.ceil": [0xfd, 103], "f32x4.floor": [0xfd, 104], "f32x4.trunc": [0xfd, 105], "f32x4.nearest": [0xfd, 106],
  "f64x2.ceil": [0xfd, 116], "f64x2.floor": [0xfd, 117], "f64x2.trunc": [0xfd, 122], "f64x2.nearest": [0xfd, 148],
  "i32x4.abs": [0xfd, 160], "i32x4.neg": [0xfd, 161], "i32x4.all_true": [0xfd, 163], "i32x4.bitmask": [0xfd, 164],
  "i64x2.extend_low_i32x4_s": [0xfd, 199], "i64x2.extend_high_i32x4_s": [0xfd, 200], "i64x2.extend_low_i32x4_u": [0xfd, 201], "i64x2.extend_high_i32x4_u": [0xfd, 202],
  "i32x4.shl": [0xfd, 171], "i32x4.shr_s": [0xfd, 172], "i32x4.shr_u": [0xfd, 173], "i32x4.add": [0xfd, 174], "i32x4.sub": [0xfd, 177], "i32x4.mul": [0xfd, 181],
  "i32x4.min_s": [0xfd, 182], "i32x4.max_s": [0xfd, 184],
  "i64x2.abs": [0xfd, 192], "i64x2.neg": [0xfd, 193], "i64x2.all_true": [0xfd, 195], "i64x2.bitmask": [0xfd, 196],
  "i64x2.shl": [0xfd, 203], "i64x2.shr_s": [0xfd, 204], "i64x2.shr_u": [0xfd, 205], "i64x2.add": [0xfd, 206], "i64x2.sub": [0xfd, 209], "i64x2.mul": [0xfd, 213],
  "i64x2.eq": [0xfd, 214], "i64x2.ne": [0xfd, 215], "i64x2.lt_s": [0xfd, 216], "i64x2.gt_s": [0xfd, 217], "i64x2.le_s": [0xfd, 218], "i64x2.ge_s": [0xfd, 219],
  "i64x2.extmul_low_i32x4_u": [0xfd, 222], "i64x2.extmul_high_i32x4_u": [0xfd, 223],
  "f32x4.abs": [0xfd, 224], "f32x4.neg": [0xfd, 225], "f32x4.sqrt": [0xfd, 227], "f32x4.add": [0xfd, 228], "f32x4.sub": [0xfd, 229], "f32x4.mul": [0xfd, 230], "f32x4.div": [0xfd, 231],
  "f32x4.min": [0xfd, 232], "f32x4.max": [0xfd, 233], "f32x4.pmin": [0xfd, 234], "f32x4.pmax": [0xfd, 235],
  "f64x2.abs": [0xfd, 236], "f64x2.neg": [0xfd, 237], "f64x2.sqrt": [0xfd, 239], "f64x2.add": [0xfd, 240], "f64x2.sub": [0xfd, 241], "f64x2.mul": [0xfd, 242], "f64x2.div": [0xfd, 243],
  "f64x2.min": [0xfd, 244], "f64x2.max": [0xfd, 245], "f64x2.pmin": [0xfd, 246], "f64x2.pmax": [0xfd, 247],
  "i32x4.trunc_sat_f32x4_s": [0xfd, 248], "i32x4.trunc_sat_f32x4_u": [0xfd, 249], "f32x4.convert_i32x4_s": [0xfd, 250], "f32x4.convert_i32x4_u": [0xfd, 251],
  "i32x4.trunc_sat_f64x2_s_zero": [0xfd, 252], "i32x4.trunc_sat_f64x2_u_zero": [0xfd, 253], "f64x2.convert_low_i32x4_s": [0xfd, 254], "f64x2.convert_low_i32x4_u": [0xfd, 255],
  // Relaxed SIMD: results depend on the machine, so only under precision "fast" and where the runtime has them
  "f32x4.relaxed_madd": [0xfd, 261], "f32x4.relaxed_nmadd": [0xfd, 262], "f64x2.relaxed_madd": [0xfd, 263], "f64x2.relaxed_nmadd": [0xfd, 264],
} as const;

/** Loads and stores: opcode, then the natural alignment as a power of two. */
export const memoryOpcodes = {
  "i32.load": [[0x28], 2], "i64.load": [[0x29], 3], "f32.load": [[0x2a], 2], "f64.load": [[0x2b], 3],
  "i32.store": [[0x36], 2], "i64.store": [[0x37], 3], "f32.store": [[0x38], 2], "f64.store": [[0x39], 3],
  "v128.load": [[0xfd, 0], 4], "v128.load64_zero": [[0xfd, 93], 3], "v128.load32_zero": [[0xfd, 92], 2], "v128.load32_splat": [[0xfd, 9], 2], "v128.load64_splat": [[0xfd, 10], 3],
  "v128.store": [[0xfd, 11], 4],
} as const;

/** Lane accesses, followed by one byte: the lane. */
export const laneOpcodes = {
  "i32x4.extract_lane": [0xfd, 27], "i32x4.replace_lane": [0xfd, 28], "i64x2.extract_lane": [0xfd, 29], "i64x2.replace_lane": [0xfd, 30],
  "f32x4.extract_lane": [0xfd, 31], "f32x4.replace_lane": [0xfd, 32], "f64x2.extract_lane": [0xfd, 33], "f64x2.replace_lane": [0xfd, 34],
} as const;

/** Lane loads and stores: opcode, natural alignment; followed by memory immediates and one byte: the lane. */
export const laneMemoryOpcodes = {
  "v128.load32_lane": [[0xfd, 86], 2], "v128.load64_lane": [[0xfd, 87], 3], "v128.store32_lane": [[0xfd, 90], 2], "v128.store64_lane": [[0xfd, 91], 3],
} as const;

export const valueTypes = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;

export type PlainInstruction = keyof typeof plainOpcodes;
export type MemoryInstruction = keyof typeof memoryOpcodes;
export type LaneInstruction = keyof typeof laneOpcodes;
export type LaneMemoryInstruction = keyof typeof laneMemoryOpcodes;
export type ValueType = keyof typeof valueTypes;
