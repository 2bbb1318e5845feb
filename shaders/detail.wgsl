// Writes what a view shows of a page besides its scores: the parts of each score, and the detailed moments of
// the voxel itself. One workgroup a row (class). Mirrors src/cpu/detail.ts.
import constants::{TERMS, DETAILED, FIRST_DETAILED};
import package::pages::{shape, PageJob, moments_index, detail_index};
import package::smoothed::{is_touched, raw, read_moments, read_prior};
import package::standardised::{has_score, score_parts};

@group(0) @binding(2) var<storage, read> jobs: array<PageJob>;
@group(0) @binding(6) var<storage, read_write> details: array<u32>;

@compute @workgroup_size(64)
fn detail_page(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) price: u32) {
  let classBin = group.x;
  let job = group.y;
  let slot = jobs[job].own;
  let moments = read_moments(jobs[job].smoothed, price, classBin);
  var parts: array<i32, TERMS>;
  if (is_touched(slot, price, classBin) && has_score(moments)) {
    parts = score_parts(moments, read_prior(job, price), classBin);
  }
  let page = jobs[job].scores;
  for (var term = 0u; term < TERMS; term++) {
    details[detail_index(shape.classBins, page, term, price, classBin)] = bitcast<u32>(parts[term]);
  }
  let own = moments_index(slot, price, classBin) + 2u * FIRST_DETAILED;
  for (var word = 0u; word < 2u * DETAILED; word++) {
    details[detail_index(shape.classBins, page, TERMS + word, price, classBin)] = raw[own + word];
  }
}
