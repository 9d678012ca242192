/** Raised with every change of up.ts or down.ts; a hub refuses the hello of another version. */
export const PROTOCOL_VERSION = 1;

/** SHA-256 over the JSON schemas of both directions; protocol.test.ts says what it must be. */
export const PROTOCOL_HASH = "00239d4e70e4b5ef7484e5e9210bc59b2ca2ff023420d6760fadc29edc17b2f7";

/** WebSocket close codes, beside those of RFC 6455. */
export const CLOSE_CODES = { refused: 4400, sessionEnded: 4401, resume: 4409, unavailable: 1013, shuttingDown: 1001 } as const;
