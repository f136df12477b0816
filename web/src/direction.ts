// What somebody else wrote, among our words: it keeps its own direction and turns nobody else's.

/** Signs that turn the direction of what follows them: a licence behind one would read backwards. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/gu;
const FROM_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;

/** The text without such signs; words from the right between isolates (Unicode Standard Annex 9), so that a date beside them stays in order. */
export function apartFromWords(text: string): string {
  const plain = text.replace(TURNING, "");
  return FROM_RIGHT.test(plain) ? `\u2068${plain}\u2069` : plain;
}
