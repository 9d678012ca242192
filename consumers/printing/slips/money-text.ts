/** An amount as printed, without its currency: "65,000", "-4.50". */
export type MoneyText = string;

/** `digits` is what the merchant shows; the stored exponent is ISO 4217's. Only ever for paper: the rest rounds nothing. */
export function moneyText(amount: string, currency: string, digits: number): MoneyText {
  const exponent = isoExponent(currency);
  const minor = BigInt(amount);
  const shown = digits >= exponent ? minor * 10n ** BigInt(digits - exponent) : roundedTo(minor, 10n ** BigInt(exponent - digits));
  const negative = shown < 0n;
  const text = (negative ? -shown : shown).toString().padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${negative ? "-" : ""}${whole}${digits > 0 ? `.${text.slice(-digits)}` : ""}`;
}

/** "0.0875" is "8.75". */
export function percentText(rate: string): string {
  const [whole = "0", places = ""] = rate.split(".");
  const digits = places.padEnd(2, "0");
  const percent = BigInt(whole + digits.slice(0, 2)).toString();
  const rest = digits.slice(2).replace(/0+$/, "");
  return rest === "" ? percent : `${percent}.${rest}`;
}

function roundedTo(minor: bigint, step: bigint): bigint {
  const half = step / 2n;
  return minor < 0n ? -((-minor + half) / step) : (minor + half) / step;
}

function isoExponent(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}
