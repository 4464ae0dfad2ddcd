/** The median of numbers that come in pieces, several times over: exact, in memory that does not grow with them. */

/** Values that are collected and sorted rather than counted. */
const COLLECTED = 1 << 17;
/** Bits of a float64 in order of weight, as [word, shift, bits]: 64 in four stages. */
const STAGES = [
  ["high", 14, 18],
  ["high", 0, 14],
  ["low", 16, 16],
  ["low", 0, 16],
] as const;

export interface StreamingMedian {
  /** One piece of a pass; without NaN. */
  add(values: Float64Array): void;
  /** After each pass. Once true, the median is known. */
  endPass(): boolean;
  /** The middle value, or the mean of the two in the middle. */
  readonly value: number;
}

/**
 * Floats sorted by their bits are sorted by size (those of negative numbers flipped), so the digits of the median are found one by one:
 * each pass counts the next digit among the values that agree so far, until few enough are left to be sorted. Usually two passes.
 */
export function createStreamingMedian(): StreamingMedian {
  let searches: RankSearch[] = [new RankSearch()];
  let ranksKnown = false;
  return {
    add(values) {
      for (const search of searches) search.add(values);
    },
    endPass() {
      if (!ranksKnown) {
        ranksKnown = true;
        const [first] = searches as [RankSearch];
        const upper = first.total >> 1;
        searches = (first.total % 2 === 1 ? [upper] : [upper - 1, upper]).map((rank) => first.towards(rank));
      }
      for (const search of searches) search.endPass();
      return searches.every(({ found }) => found !== undefined);
    },
    get value() {
      return searches.length === 1 ? searches[0]!.found! : searches[0]!.found! / 2 + searches[1]!.found! / 2;
    },
  };
}

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
// Little-endian, as all platforms of Node are
const [LOW, HIGH] = [0, 1] as const;

class RankSearch {
  found: number | undefined;
  private rank = 0;
  private stage = 0;
  private counts: Float64Array | undefined = new Float64Array(1 << STAGES[0][2]);
  private collected: number[] | undefined;
  /** The digits so far, in place. */
  private prefix = { high: 0, low: 0 };

  get total(): number {
    return this.counts!.reduce((sum, count) => sum + count, 0);
  }

  /** The same counts, for a rank. */
  towards(rank: number): RankSearch {
    const search = new RankSearch();
    search.counts = this.counts;
    search.rank = rank;
    return search;
  }

  add(values: Float64Array): void {
    if (this.found !== undefined) return;
    const [word, shift, bits] = STAGES[this.stage]!;
    const mask = 2 ** bits - 1;
    const highShift = this.stage === 0 ? 32 : this.stage === 1 ? STAGES[0][1] : 0;
    for (let i = 0; i < values.length; i++) {
      float[0] = values[i]!;
      const negative = words[HIGH]! >>> 31 === 1;
      const high = (negative ? ~words[HIGH]! : words[HIGH]! | 0x80000000) >>> 0;
      const low = (negative ? ~words[LOW]! : words[LOW]!) >>> 0;
      // A shift by 32 is one by 0
      if (highShift < 32 && high >>> highShift !== this.prefix.high >>> highShift) continue;
      if (this.stage === 3 && low >>> 16 !== this.prefix.low >>> 16) continue;
      if (this.collected !== undefined) this.collected.push(values[i]!);
      else this.counts![((word === "high" ? high : low) >>> shift) & mask]!++;
    }
  }

  endPass(): void {
    if (this.found !== undefined) return;
    if (this.collected !== undefined) {
      this.found = Float64Array.from(this.collected).sort()[this.rank]!;
      this.collected = undefined;
      return;
    }
    const [word, shift] = STAGES[this.stage]!;
    const counts = this.counts!;
    let digit = 0;
    while (this.rank >= counts[digit]!) this.rank -= counts[digit++]!;
    this.prefix[word] = (this.prefix[word] | (digit << shift)) >>> 0;
    this.stage++;
    this.counts = undefined;
    if (this.stage === STAGES.length) this.found = this.decoded();
    else if (counts[digit]! <= COLLECTED) this.collected = [];
    else this.counts = new Float64Array(2 ** STAGES[this.stage]![2]);
  }

  private decoded(): number {
    const { high, low } = this.prefix;
    const negative = high >>> 31 === 0;
    words[HIGH] = negative ? ~high : high & 0x7fffffff;
    words[LOW] = negative ? ~low : low;
    return float[0]!;
  }
}
