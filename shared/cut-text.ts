/** At most `most` UTF-16 units of a text, and no half of a pair at its end, which no event may hold (LOG-3). */
export function cutText(text: string, most: number): string {
  const last = text.charCodeAt(most - 1);
  const isHalf = text.length > most && last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, isHalf ? most - 1 : most);
}
