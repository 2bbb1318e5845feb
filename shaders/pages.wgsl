// Where voxels are in device memory, and what every step knows about the map. PageJob mirrors
// src/engine/packing.ts.
import constants::{MOMENTS, TERMS, DETAILED};

struct Shape {
  classBins: u32,
  priceWidth: u32, // ticks a price bin
  priceRadius: u32,
  classRadius: u32,
  timeRadius: u32,
  centre: u32, // c: the kernel's largest weight
  shrinkage: u32, // κ · c
  priceWeights: array<vec4u, 5>, // rows of 2 · radius + 1
  classWeights: array<vec4u, 5>,
  timeWeights: array<vec4u, 5>,
  settings: vec4u, // what the layer's binning needs
}

// A page to smooth, score or search. Slots are pages of the pools, −1 where there is none.
struct PageJob {
  slabLow: u32, // absolute time classBin, two words
  slabHigh: u32,
  page: u32,
  own: u32, // raw slot of the page itself
  smoothed: u32,
  scores: u32,
  around: array<i32, 9>, // score slots, [slab −1, 0, +1][page −1, 0, +1]
  raw: array<i32, 51>, // raw slots, [time −radius … +radius][page −1, 0, +1]
}

@group(0) @binding(0) var<uniform> shape: Shape;

const PAGE_PRICES = 64u;
const NO_SLOT = -1;
const NO_SCORE = i32(-2147483648);

// Voxel (price in the page, class) of a score page.
fn score_index(slot: u32, price: u32, classBin: u32) -> u32 {
  return (slot * shape.classBins + classBin) * PAGE_PRICES + price;
}

// Planes of a page of details: one for each term (i32 in Q16), two (low, high) for each detailed moment.
const DETAIL_PLANES = TERMS + 2u * DETAILED;

// Voxel (price in the page, class) of one plane of a page of details.
fn detail_index(classBins: u32, slot: u32, plane: u32, price: u32, classBin: u32) -> u32 {
  return ((slot * DETAIL_PLANES + plane) * classBins + classBin) * PAGE_PRICES + price;
}

// First word of a voxel in a page of moments, which has two words (low, high) a moment.
fn moments_index(slot: u32, price: u32, classBin: u32) -> u32 {
  return score_index(slot, price, classBin) * (2u * MOMENTS);
}
