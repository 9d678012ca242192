import type { SocketHandlers, SocketLike } from "./connection.ts";

export function openBrowserSocket(handlers: SocketHandlers): SocketLike {
  const scheme = window.location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${window.location.host}/ws`);
  socket.addEventListener("open", () => handlers.opened());
  socket.addEventListener("message", (event) => {
    if (typeof event.data === "string") handlers.message(event.data);
  });
  socket.addEventListener("close", () => handlers.closed());
  return { send: (text) => socket.send(text), close: () => socket.close() };
}
