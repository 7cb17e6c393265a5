/** What Magento's tables cannot hold, three bytes a character as they are: an emoji, say, becomes `????` (recording track-unicode). */
const UNSTORABLE = /[\u{10000}-\u{10FFFF}\uD800-\uDFFF]/u;

/** Whether the shop keeps the text as it is. */
export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text);
}

/** One line of a text as the shop can keep it: without what it cannot hold, and with a blank for control characters. */
export function storableLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').replace(new RegExp(UNSTORABLE, 'gu'), '');
}
