// Where a voxel lies in the device's memory, and what every step knows of the map.

struct Shape {
  sizeBins: u32,
  sizeResolution: u32,
  priceWidth: u32, // ticks a bin
  priceRadius: u32,
  sizeRadius: u32,
  timeRadius: u32,
  centre: u32, // c: the kernel's largest weight
  shrinkage: u32, // κ · c
  priceWeights: array<vec4u, 5>, // rows of 2 · radius + 1
  sizeWeights: array<vec4u, 5>,
  timeWeights: array<vec4u, 5>,
}

// A page to smooth, score or search. Slots are pages of the pools, −1 where there is none.
struct PageJob {
  slabLow: u32, // absolute time bin, two words
  slabHigh: u32,
  page: u32,
  smoothed: u32,
  scores: u32,
  around: array<i32, 9>, // score slots, [slab −1, 0, +1][page −1, 0, +1]
  raw: array<i32, 51>, // raw slots, [time −radius … +radius][page −1, 0, +1]
}

@group(0) @binding(0) var<uniform> shape: Shape;

const PAGE_PRICES = 64u;
const MOMENTS = 5u;
const NO_SLOT = -1;
const NO_SCORE = i32(-2147483648);

// Moments of a voxel, in the order of `MOMENTS` in src/engine/work.ts.
struct Moments {
  trades: vec2u,
  volume: vec2u,
  flow: vec2u,
  variation: vec2u,
  covariation: vec2u,
}

// Entry of `PageJob.raw` that holds the page's own raw slot.
fn own_entry() -> u32 {
  return shape.timeRadius * 3u + 1u;
}

// Voxel (price in the page, size) of a score page.
fn score_index(slot: u32, price: u32, size: u32) -> u32 {
  return (slot * shape.sizeBins + size) * PAGE_PRICES + price;
}

// Planes of a picture page: activity, volatility, flow (i32 in Q16), volume (low, high), net flow (low, high).
const PICTURE_PLANES = 7u;

// Voxel (price in the page, size) of one plane of a picture page.
fn picture_index(sizeBins: u32, slot: u32, plane: u32, price: u32, size: u32) -> u32 {
  return ((slot * PICTURE_PLANES + plane) * sizeBins + size) * PAGE_PRICES + price;
}

// First of the ten words (low, high of each moment) of a voxel in a page of moments.
fn moments_index(slot: u32, price: u32, size: u32) -> u32 {
  return score_index(slot, price, size) * (2u * MOMENTS);
}
