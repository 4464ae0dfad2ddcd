// placeholder for the first build; replaced by the room's owner
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
export const erf = (x: number): number => x;
export const lgamma = (x: number): number => x;
export const digamma = (x: number): number => x;
