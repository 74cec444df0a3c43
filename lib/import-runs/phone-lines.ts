const EMPTY = 0;

/**
 * Which line of a file each phone number stands in. E.164 has at most 15 digits and therefore is a whole number below
 * 2^53: open addressing over typed arrays takes 24 bytes a number where a Map of strings takes 150.
 */
export class PhoneLines {
  private capacity = 1024;
  private numbers = new Float64Array(this.capacity);
  private lines = new Int32Array(this.capacity);
  size = 0;

  /** The line that has the number already, or null once it is noted for `line`. */
  add(phone: number, line: number): number | null {
    const slot = this.slotOf(phone);
    if (this.numbers[slot] !== EMPTY) return this.lines[slot] ?? null;
    this.fill(slot, phone, line);
    return null;
  }

  /** Notes `line` for the number, whatever was noted before. */
  replace(phone: number, line: number): void {
    const slot = this.slotOf(phone);
    if (this.numbers[slot] === EMPTY) this.fill(slot, phone, line);
    else this.lines[slot] = line;
  }

  get(phone: number): number | null {
    const slot = this.slotOf(phone);
    return this.numbers[slot] === EMPTY ? null : (this.lines[slot] ?? null);
  }

  /** Where the number is, or the free place where it belongs. */
  private slotOf(phone: number): number {
    const mask = this.capacity - 1;
    let hash = Math.imul(phone | 0, 0x9e3779b1) ^ Math.imul((phone / 2 ** 32) | 0, 0x85ebca6b);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    while (this.numbers[slot] !== EMPTY && this.numbers[slot] !== phone) slot = (slot + 1) & mask;
    return slot;
  }

  private fill(slot: number, phone: number, line: number): void {
    this.numbers[slot] = phone;
    this.lines[slot] = line;
    if (++this.size * 2 > this.capacity) this.grow();
  }

  private grow(): void {
    const { numbers, lines } = this;
    this.capacity *= 2;
    this.numbers = new Float64Array(this.capacity);
    this.lines = new Int32Array(this.capacity);
    for (const [index, phone] of numbers.entries()) {
      if (phone === EMPTY) continue;
      const slot = this.slotOf(phone);
      this.numbers[slot] = phone;
      this.lines[slot] = lines[index] ?? 0;
    }
  }
}
