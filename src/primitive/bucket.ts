// Log-linear buckets of the real numbers: 32 to each octave, so at most 3.2 % wide. Every boundary is a double with a
// short mantissa, so bins whose edges are chosen among boundaries can be filled from bucket counts without error.
//
// A bucket is half open, (lower, upper], as bins and Prometheus' `le` are. Bucket 0 holds zero (and subnormal numbers).
// Ids ascend with the values: of a positive number the id is the top 16 bits of its IEEE 754 representation after the
// sign (11 of exponent, 5 of mantissa), of a negative number the negative of that.

/** Positions inside of a bucket are multiples of its width / 2^14: about one part in a million of the value. */
export const positionSteps = 16384;

/** A bucket has 2^8 slices of equal length, numbered in the order of their values: 0.012 % of a value wide at most. */
export const sliceBits = 8;
export const bucketSlices = 2 ** sliceBits;
const lastSlice = bucketSlices - 1;
/** A slice's number begins here in the upper word of a double, and a bucket's here. */
const slicePlace = 7;
const bucketPlace = 15;
const insideBits = 2 ** bucketPlace - 1;
const sliceBitsBelow = 2 ** slicePlace - 1;

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
  let bucket = top >>> bucketPlace;
  if (bucket < 32) {
    located.bucket = 0;
    located.position = 0;
    return;
  }
  const inside = top & insideBits;
  let position = (inside * 0.5 + rest * 2 ** -33 + 0.5) | 0;
  if (value > 0) {
    // What lies on a boundary belongs to the bucket below it.
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

/** The slice of the number that was given to `locate` last. */
export function sliceOfLocated(value: number): number {
  if (located.bucket === 0) return 0;
  const inside = (words[high] as number) & insideBits;
  const slice = inside >>> slicePlace;
  if (value < 0) return lastSlice - slice;
  const onBoundary = words[low] === 0 && (inside & sliceBitsBelow) === 0;
  if (!onBoundary) return slice;
  // The end of a bucket is in its last slice; the least normal number alone has no bucket below it.
  return inside > 0 ? slice - 1 : located.position === 0 ? 0 : lastSlice;
}

/** What lies between the ends of a bucket, as a magnitude: so many slices from the end nearer to zero. */
function magnitudeAt(bucket: number, slices: number): number {
  words[low] = 0;
  words[high] = ((Math.abs(bucket) << bucketPlace) + (slices << slicePlace)) >>> 0;
  return Math.min(float[0] as number, Number.MAX_VALUE);
}

/** The least value that lies above the bucket below; values of the bucket, from this slice on, are greater than it. */
export function lowerBound(bucket: number, slice = 0): number {
  if (bucket === 0) return -smallestNormal;
  if (bucket <= -maxBucket && slice === 0) return Number.NEGATIVE_INFINITY;
  return bucket > 0 ? magnitudeAt(bucket, slice) : -magnitudeAt(bucket, bucketSlices - slice);
}

/** The greatest value of the bucket below this slice; by default of the whole bucket. */
export function upperBound(bucket: number, slice = bucketSlices): number {
  if (bucket === 0) return 0;
  return bucket > 0 ? magnitudeAt(bucket, slice) : -magnitudeAt(bucket, bucketSlices - slice);
}

/** The value at position 0 of a bucket, and the signed length of one position step. */
export function origin(bucket: number): number {
  if (bucket === 0) return 0;
  return bucket > 0 ? magnitudeAt(bucket, 0) : -magnitudeAt(bucket, 0);
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
