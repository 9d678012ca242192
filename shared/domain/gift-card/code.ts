import { alikeCode } from "../alike.ts";

const LENGTH = 12;

/** What stands on paper and is typed at the till: the last 12 characters of the card's id, 60 bits that nobody guesses. */
export function giftCardCode(card: string): string {
  return card.slice(-LENGTH).replace(/(.{4})(?=.)/g, "$1-");
}

/** As it was typed, letters that look like digits and all; undefined when no card could have it. */
export function typedGiftCardCode(typed: string): string | undefined {
  const plain = alikeCode(typed).toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1");
  return /^[0-9A-HJKMNP-TV-Z]{12}$/.test(plain) ? plain : undefined;
}
