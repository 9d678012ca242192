// LOG-6: whoever finds a gap in a stream leaves it.
import { substitute } from "../../survival/substitute.mjs";

substitute([["/hub/log/publish.ts", "follows || lane.published === undefined ? offered : await readRange(options.sql, shard, next - 1n, CHUNK)", "offered"]]);
