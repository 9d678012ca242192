// LOG-6: whoever finds a gap in a stream leaves it.
import { substitute } from "../../survival/substitute.mjs";

const LEAVES = "return void (lane.published = lane.target)";
substitute([
  ["/hub/log/publish.ts", "return publishFrom(lane, shard, lane.published)", LEAVES],
  ["/hub/log/publish.ts", "return publishFrom(lane, shard, last)", LEAVES],
]);
