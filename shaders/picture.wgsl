// Writes what a view draws of a page besides its scores: the parts of each score, and the voxel's own volume and net flow.
// One workgroup a row (size bin). Mirrors src/cpu/picture.ts.
import package::pages::{shape, PageJob, own_entry, moments_index, picture_index};
import package::smoothed::{is_touched, raw, read_moments, read_prior};
import package::standardised::score_parts;
import package::terms::has_trades;

@group(0) @binding(2) var<storage, read> jobs: array<PageJob>;
@group(0) @binding(6) var<storage, read_write> pictures: array<u32>;

@compute @workgroup_size(64)
fn picture_page(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) price: u32) {
  let size = group.x;
  let job = group.y;
  let slot = u32(jobs[job].raw[own_entry()]);
  let moments = read_moments(jobs[job].smoothed, price, size);
  var parts: vec3i;
  if (is_touched(slot, price, size) && has_trades(moments, shape.shrinkage)) {
    parts = score_parts(moments, read_prior(job, price), size);
  }
  let page = jobs[job].scores;
  let own = moments_index(slot, price, size);
  for (var part = 0u; part < 3u; part++) {
    pictures[picture_index(shape.sizeBins, page, part, price, size)] = bitcast<u32>(parts[part]);
  }
  // The raw moments after trades: low and high word of volume, then of flow.
  for (var word = 0u; word < 4u; word++) {
    pictures[picture_index(shape.sizeBins, page, 3u + word, price, size)] = raw[own + 2u + word];
  }
}
