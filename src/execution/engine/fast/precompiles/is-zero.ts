/** Whether bytes of an input are all zero; a loop, because `some` of a part takes longer than adding two points. */
export function isZero(data: Uint8Array, start: number, length: number): boolean {
  for (let place = start; place < start + length; place++) {
    if (data[place] !== 0) {
      return false;
    }
  }
  return true;
}
