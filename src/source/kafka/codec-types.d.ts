// Types of the codec packages that come without.
declare module "lz4js" {
  export function decompress(frame: Uint8Array, maxSize?: number): Uint8Array;
  export function decompressBound(frame: Uint8Array): number;
  export function compress(data: Uint8Array): Uint8Array;
}
