import fc from "fast-check";

/** Property tests look at the same cases in every run, so that a red run is red again; PROPERTY_SEED=7 PROPERTY_RUNS=1000 npm test looks at others, and ten times as many. */
fc.configureGlobal({ seed: Number(process.env["PROPERTY_SEED"] ?? 20_261_121), ...(process.env["PROPERTY_RUNS"] ? { numRuns: Number(process.env["PROPERTY_RUNS"]) } : {}) });
