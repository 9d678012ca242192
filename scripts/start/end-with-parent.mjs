// Preloaded into every process that `npm start` spawns: when the parent is killed without a word (SIGKILL),
// the channel to it closes, and the child stops as if asked to. Nothing is left behind.
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();
