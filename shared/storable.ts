const NOT_STORABLE = /[\u0000\p{Surrogate}]/gu;

/**
 * Postgres holds neither NUL nor half of a surrogate pair: each becomes U+FFFD. For what others tell who cannot be asked again, a provider or an error;
 * what people type is refused at the door.
 */
export function storable(text: string): string {
  return text.replaceAll(NOT_STORABLE, "\ufffd");
}
