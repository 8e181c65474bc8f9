/** Bytes as signs of seven bits each, as `packing.as_text` writes them into a page. */

const BITS = 7;
const MOVED = 0x100;

/**
 * Return the bytes that a text of signs of seven bits stands for.
 *
 * @param {string} text
 */
export function bytesOf(text) {
  const bytes = new Uint8Array((text.length * BITS) >> 3);
  let held = 0;
  let bits = 0;
  let place = 0;
  for (let at = 0; at < text.length; at += 1) {
    held = ((held << BITS) | (text.charCodeAt(at) & (MOVED - 1))) & 0x3fff;
    bits += BITS;
    if (bits >= 8) {
      bits -= 8;
      bytes[place] = (held >> bits) & 0xff;
      place += 1;
    }
  }
  return bytes.subarray(0, place);
}
