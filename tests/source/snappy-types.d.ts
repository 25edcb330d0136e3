// Types of the package that compresses for tests, which comes without.
declare module "snappyjs" {
  export function compress(data: Uint8Array): Uint8Array;
}
