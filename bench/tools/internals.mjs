/** Parts of compiled programs that have no public name, for the questions that measure them alone. Run `npm run build` first. */

// biome-ignore lint/style/noRestrictedImports: the steps of many starts without what surrounds them
export { allTools } from "../../packages/descend/dist/minimize/minimize.js";
// biome-ignore lint/style/noRestrictedImports: the steps of many starts without what surrounds them
export { setUp } from "../../packages/descend/dist/minimize/set-up.js";
// biome-ignore lint/style/noRestrictedImports: the steps of many starts without what surrounds them
export { lockstep } from "../../packages/descend/dist/minimize/several/lockstep.js";
// biome-ignore lint/style/noRestrictedImports: a part of compiled programs, measured alone
export { ModuleBuilder } from "../../packages/descend/dist/wasm/encode/assembler.js";
// biome-ignore lint/style/noRestrictedImports: a part of compiled programs, measured alone
export { MathLibrary } from "../../packages/descend/dist/wasm/math/library.js";
// biome-ignore lint/style/noRestrictedImports: a part of compiled programs, measured alone
export { laneProductFunction } from "../../packages/descend/dist/wasm/product/lane-product.js";
// biome-ignore lint/style/noRestrictedImports: a part of compiled programs, measured alone
export { matmulFunction } from "../../packages/descend/dist/wasm/product/matmul.js";
