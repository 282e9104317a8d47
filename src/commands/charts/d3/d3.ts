// All of d3 that Longhaul runs. The build puts d3's code into this file; see docs/decisions/0034.
export { scaleLinear, scaleUtc } from 'd3-scale';
export { area, curveStepAfter } from 'd3-shape';
