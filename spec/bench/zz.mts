import { benchSteps } from '/work/wt/kfac/spec/bench/curvature-steps.js';
await benchSteps();
process.exit(0);
