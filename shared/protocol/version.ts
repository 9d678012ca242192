/** Raised with every change of up.ts or down.ts; a hub refuses the hello of another version. */
export const PROTOCOL_VERSION = 1;

/** SHA-256 over the JSON schemas of both directions; protocol.test.ts says what it must be. */
export const PROTOCOL_HASH = "e760ae5aabdb71218887c50d1736d5d4d349946f48ad4d4fcaf11e12bfc10014";

/** WebSocket close codes, beside those of RFC 6455. */
export const CLOSE_CODES = { refused: 4400, sessionEnded: 4401, resume: 4409, unavailable: 1013, shuttingDown: 1001 } as const;
