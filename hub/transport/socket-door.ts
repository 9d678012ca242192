import type { HttpResponse, TemplatedApp } from "uWebSockets.js";
import type { SocketDoor } from "./socket.ts";

/** Adds a WebSocket path to the app. An exception in a uWS callback would end the process, so each is caught here. */
export function addSocketDoor<Data>(app: TemplatedApp, path: string, door: SocketDoor<Data>, onError: (error: unknown, at: string) => void): void {
  const safely =
    <Arguments extends readonly unknown[]>(act: (...given: Arguments) => void) =>
    (...given: Arguments): void => {
      try {
        act(...given);
      } catch (error) {
        onError(error, path);
      }
    };

  // Compression stays off: screens are on the local network, and it costs more than it saves there.
  app.ws<{ readonly data: Data }>(path, {
    maxPayloadLength: door.maxPayloadBytes,
    maxBackpressure: door.maxBufferedBytes,
    closeOnBackpressureLimit: true,
    idleTimeout: door.idleSeconds,
    sendPingsAutomatically: true,
    upgrade(res, req, context) {
      res.onAborted(() => undefined);
      let accepted: ReturnType<typeof door.accept>;
      try {
        accepted = door.accept({
          origin: req.getHeader("origin"),
          host: req.getHeader("host"),
          remoteAddress: Buffer.from(res.getRemoteAddressAsText()).toString("latin1"),
          userAgent: req.getHeader("user-agent"),
        });
      } catch (error) {
        onError(error, path);
        accepted = { status: 500, refused: "internal" };
      }
      if ("status" in accepted) {
        refuse(res, accepted.status, accepted.refused);
        return;
      }
      res.upgrade({ data: accepted.data }, req.getHeader("sec-websocket-key"), "", req.getHeader("sec-websocket-extensions"), context);
    },
    open: safely((ws) => door.open(ws)),
    message: safely((ws, message, isBinary) => door.message(ws, message, isBinary)),
    dropped: safely((ws) => door.dropped(ws)),
    drain: safely((ws) => door.drain(ws)),
    close: safely((ws, code) => door.close(ws, code)),
  });
}

function refuse(res: HttpResponse, status: number, refused: string): void {
  res
    .writeStatus(`${status} Refused`)
    .writeHeader("content-type", "application/json")
    .end(JSON.stringify({ refused }));
}
