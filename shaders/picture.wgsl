// Writes what a view draws of a page besides its scores: the parts of each score, and the voxel's own volume and net flow.
// One workgroup a row (size bin). Mirrors src/cpu/picture.ts.
import package::pages::{shape, PageJob, own_entry, moments_index, PAGE_PRICES};
import package::smoothed::{is_touched, raw, read_moments, read_prior};
import package::standardised::standardised;
import package::terms::{activity, volatility, flow, has_trades};

@group(0) @binding(2) var<storage, read> jobs: array<PageJob>;
// Seven planes a page: activity, volatility, flow (i32 in Q16), volume (low, high), net flow (low, high).
@group(0) @binding(6) var<storage, read_write> pictures: array<u32>;

const PLANES = 7u;

@compute @workgroup_size(64)
fn picture_page(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) price: u32) {
  let size = group.x;
  let job = group.y;
  let slot = u32(jobs[job].raw[own_entry()]);
  let moments = read_moments(jobs[job].smoothed, price, size);
  var parts: array<i32, 3>;
  if (is_touched(slot, price, size) && has_trades(moments, shape.shrinkage)) {
    parts[0] = standardised(activity(moments.volume), size, 0u);
    parts[1] = standardised(volatility(moments, read_prior(job, price)), size, 1u);
    parts[2] = standardised(flow(moments), size, 2u);
  }
  let plane = shape.sizeBins * PAGE_PRICES;
  let at = jobs[job].scores * PLANES * plane + size * PAGE_PRICES + price;
  let own = moments_index(slot, price, size);
  for (var part = 0u; part < 3u; part++) { pictures[at + part * plane] = bitcast<u32>(parts[part]); }
  // The raw moments after trades: low and high word of volume, then of flow.
  for (var word = 0u; word < 4u; word++) { pictures[at + (3u + word) * plane] = raw[own + 2u + word]; }
}
