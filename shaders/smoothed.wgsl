// Reading smoothed pages, their raw moments and the priors of their prices, for the steps that score or survey them.
import package::pages::{Moments, moments_index, PAGE_PRICES};
import package::terms::Prior;

@group(0) @binding(3) var<storage, read> smoothed: array<u32>;
// Three words a price, 64 prices a job: prior low, high, L(p).
@group(0) @binding(4) var<storage, read> priors: array<u32>;

@group(0) @binding(7) var<storage, read> raw: array<u32>;

// Whether a tick has touched a voxel of a raw page: it holds trades.
fn is_touched(slot: u32, price: u32, size: u32) -> bool {
  let at = moments_index(slot, price, size);
  return (raw[at] | raw[at + 1u]) != 0u;
}

fn read_moments(slot: u32, price: u32, size: u32) -> Moments {
  let at = moments_index(slot, price, size);
  return Moments(
    vec2u(smoothed[at], smoothed[at + 1u]),
    vec2u(smoothed[at + 2u], smoothed[at + 3u]),
    vec2u(smoothed[at + 4u], smoothed[at + 5u]),
    vec2u(smoothed[at + 6u], smoothed[at + 7u]),
    vec2u(smoothed[at + 8u], smoothed[at + 9u]),
  );
}

fn read_prior(job: u32, price: u32) -> Prior {
  let at = (job * PAGE_PRICES + price) * 3u;
  return Prior(vec2u(priors[at], priors[at + 1u]), i32(priors[at + 2u]));
}
