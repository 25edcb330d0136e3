// Log-linear buckets of the real numbers: 32 to each octave, so at most 3.2 % wide. Every boundary is a double with a
// short mantissa, so bins whose edges are chosen among boundaries can be filled from bucket counts without error.
//
// A bucket is half open, (lower, upper], as bins and Prometheus' `le` are. Bucket 0 holds zero (and subnormal numbers).
// Ids ascend with the values: of a positive number the id is the top 16 bits of its IEEE 754 representation after the
// sign (11 of exponent, 5 of mantissa), of a negative number the negative of that.

/** Positions inside of a bucket are multiples of its width / 2^14: about one part in a million of the value. */
export const positionSteps = 16384;

const mantissaBits = 5;
const octaveBuckets = 2 ** mantissaBits;
/** What share of its octave a step is. */
const stepShare = 1 / (octaveBuckets * positionSteps);
/** Where the exponent begins in the upper word of a double. */
const exponentPlace = 20;

/** Greatest absolute bucket id of a finite number. */
export const maxBucket = 65503;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
const low = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1;
const high = 1 - low;
const smallestNormal = 2.2250738585072014e-308;

/** Where a number lies: set by `locate`, a pair of results without an allocation. */
export const located = { bucket: 0, position: 0 };

/** Sets `located` to the bucket of a finite number and its rounded position, 0 at the end nearer zero. */
export function locate(value: number): void {
  float[0] = Math.abs(value);
  const top = words[high] as number;
  const rest = words[low] as number;
  let bucket = top >>> 15;
  if (bucket < 32) {
    located.bucket = 0;
    located.position = 0;
    return;
  }
  const inside = top & 0x7fff;
  let position = (inside * 0.5 + rest * 2 ** -33 + 0.5) | 0;
  if (value > 0) {
    if (inside === 0 && rest === 0 && bucket > 32) {
      bucket -= 1;
      position = positionSteps;
    }
    located.bucket = bucket;
  } else {
    located.bucket = -bucket;
  }
  located.position = position;
}

/** The bound of a bucket that is nearer to zero, as a magnitude. */
function innerMagnitude(bucket: number): number {
  words[low] = 0;
  words[high] = (Math.abs(bucket) << 15) >>> 0;
  return float[0] as number;
}

function outerMagnitude(bucket: number): number {
  const magnitude = Math.abs(bucket);
  return magnitude >= maxBucket ? Number.MAX_VALUE : innerMagnitude(magnitude + 1);
}

/** The least value that lies above the bucket below; values of the bucket are greater than it. */
export function lowerBound(bucket: number): number {
  if (bucket === 0) return -smallestNormal;
  if (bucket <= -maxBucket) return Number.NEGATIVE_INFINITY;
  return bucket > 0 ? innerMagnitude(bucket) : -outerMagnitude(bucket);
}

/** The greatest value of the bucket. */
export function upperBound(bucket: number): number {
  if (bucket === 0) return 0;
  return bucket > 0 ? outerMagnitude(bucket) : -innerMagnitude(bucket);
}

/** The value at position 0 of a bucket, and the signed length of one position step. */
export function origin(bucket: number): number {
  if (bucket === 0) return 0;
  return bucket > 0 ? innerMagnitude(bucket) : -innerMagnitude(bucket);
}

/** A power of two, but for its sign; 0 of the bucket of zero. */
export function step(bucket: number): number {
  if (bucket === 0) return 0;
  words[low] = 0;
  words[high] = (Math.abs(bucket) >>> mantissaBits) << exponentPlace;
  const length = (float[0] as number) * stepShare;
  return bucket > 0 ? length : -length;
}

/** How many position steps lie between zero and the origin of a bucket: an integer below 2^20. */
export function stepsToOrigin(bucket: number): number {
  return bucket === 0 ? 0 : (octaveBuckets + (Math.abs(bucket) & (octaveBuckets - 1))) * positionSteps;
}
