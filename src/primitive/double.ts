// Which bits of a double are set: for writing numbers that are few bits long, wherever those are.

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
const low = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1;
const high = 1 - low;
/** The exponent that is written for the last bit of the fraction of a normal number. */
const exponentBias = 1075;
const fractionBits = 52;
const implicitBit = 0x100000;

/** The exponent of the last bit that is set of a normal number: it is a multiple of 2 to this. */
export function lowestBit(value: number): number {
  float[0] = value;
  const lower = words[low] as number;
  const upper = ((words[high] as number) & (implicitBit - 1)) | implicitBit;
  const zeros = lower !== 0 ? 31 - Math.clz32(lower & -lower) : 63 - Math.clz32(upper & -upper);
  return exponent() - exponentBias + zeros;
}

/** The exponent of the first bit of a normal number: it is at least 2 to this, and less than twice as much. */
export function highestBit(value: number): number {
  float[0] = value;
  return exponent() - exponentBias + fractionBits;
}

function exponent(): number {
  return ((words[high] as number) >>> 20) & 0x7ff;
}
