// Reads smoothed pages, their raw moments and the priors of their prices, for the steps that score or survey.
import constants::{MOMENTS, PRIOR_WORDS};
import package::pages::{moments_index, PAGE_PRICES};

@group(0) @binding(3) var<storage, read> smoothed: array<u32>;
// The layer's words per price, 64 prices per job.
@group(0) @binding(4) var<storage, read> priors: array<u32>;

@group(0) @binding(7) var<storage, read> raw: array<u32>;

// Whether a voxel of a raw page is touched: its first moment counts events.
fn is_touched(slot: u32, price: u32, classBin: u32) -> bool {
  let at = moments_index(slot, price, classBin);
  return (raw[at] | raw[at + 1u]) != 0u;
}

fn read_moments(slot: u32, price: u32, classBin: u32) -> array<vec2u, MOMENTS> {
  let at = moments_index(slot, price, classBin);
  var moments: array<vec2u, MOMENTS>;
  for (var m = 0u; m < MOMENTS; m++) { moments[m] = vec2u(smoothed[at + 2u * m], smoothed[at + 2u * m + 1u]); }
  return moments;
}

fn read_prior(job: u32, price: u32) -> array<u32, PRIOR_WORDS> {
  let at = (job * PAGE_PRICES + price) * PRIOR_WORDS;
  var prior: array<u32, PRIOR_WORDS>;
  for (var word = 0u; word < PRIOR_WORDS; word++) { prior[word] = priors[at + word]; }
  return prior;
}
