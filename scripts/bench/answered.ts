import { losses, type Figure } from "./figures.ts";

/** Where the log has the events of a command, as its answer said. */
export type Answered = { readonly commandId: string; readonly shard: number; readonly from: number; readonly to: number };
/** An event that is in the log, or an entry on a stream of Redis. */
export type Found = { readonly commandId: string; readonly shard: number; readonly position: number };
/** Answered commands of which something is not there; events of theirs that are there beyond what was answered. */
export type Judgement = { readonly missing: number; readonly doubled: number };
/** Of one round's commands: in the log, and on the streams of Redis. */
export type Judged = { readonly log: Judgement; readonly streams: Judgement };

const AT = /"at":\{"shard":(\d+),"from":"(\d+)","to":"(\d+)"\}/;

/** Throws for an answer without events: each tap of a waiter has some. */
export function answeredAt(commandId: string, answer: string): Answered {
  const [found, shard, from, to] = AT.exec(answer) ?? [];
  if (found === undefined) throw new Error(`${commandId} was answered without events: ${answer.slice(0, 400)}`);
  return { commandId, shard: Number(shard), from: Number(from), to: Number(to) };
}

/** `keptFrom`: a shard's first position that is still to be found there; before it everything was. */
export function judge(answered: readonly Answered[], found: readonly Found[], keptFrom: ReadonlyMap<number, number> = new Map()): Judgement {
  const own = new Map(answered.map((one) => [one.commandId, one]));
  const seen = new Set<string>();
  let doubled = 0;
  for (const { commandId, shard, position } of found) {
    const place = own.get(commandId);
    if (place === undefined) continue;
    const at = `${shard}/${position}`;
    if (shard !== place.shard || position < place.from || position > place.to || seen.has(at)) doubled++;
    else seen.add(at);
  }
  const isWhole = ({ shard, from, to }: Answered) => {
    for (let position = Math.max(from, keptFrom.get(shard) ?? 0); position <= to; position++) if (!seen.has(`${shard}/${position}`)) return false;
    return true;
  };
  return { missing: answered.filter((one) => !isWhole(one)).length, doubled };
}

/** What all rounds lost and doubled; each figure's name begins with `of`. */
export function lossesOf(rounds: readonly Judged[], of = ""): Figure[] {
  return [
    losses(`${of}answered commands not whole in the log`, rounds.map(({ log }) => log.missing)),
    losses(`${of}events of answered commands twice in the log`, rounds.map(({ log }) => log.doubled)),
    losses(`${of}answered commands not whole on Redis`, rounds.map(({ streams }) => streams.missing)),
    losses(`${of}events of answered commands twice on Redis`, rounds.map(({ streams }) => streams.doubled)),
  ];
}
