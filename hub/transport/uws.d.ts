import "uWebSockets.js";

declare module "uWebSockets.js" {
  /** uws-pack declares it as an enum that it does not export. */
  export const LIBUS_LISTEN_EXCLUSIVE_PORT: number;

  interface TemplatedApp {
    listen(host: RecognizedString, port: number, options: number, cb: (listenSocket: us_listen_socket | false) => void): TemplatedApp;
  }
}
