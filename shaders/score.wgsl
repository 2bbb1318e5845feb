// Scores the touched voxels of a smoothed page, one workgroup a row (size bin). Mirrors src/cpu/score.ts.
import package::pages::{shape, PageJob, own_entry, score_index, NO_SCORE};
import package::smoothed::{is_touched, read_moments, read_prior};
import package::standardised::score_parts;
import package::terms::has_trades;

@group(0) @binding(2) var<storage, read> jobs: array<PageJob>;
@group(0) @binding(6) var<storage, read_write> scores: array<i32>;

@compute @workgroup_size(64)
fn score_page(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) price: u32) {
  let size = group.x;
  let job = group.y;
  let moments = read_moments(jobs[job].smoothed, price, size);
  var score = NO_SCORE;
  if (is_touched(u32(jobs[job].raw[own_entry()]), price, size) && has_trades(moments, shape.shrinkage)) {
    let parts = score_parts(moments, read_prior(job, price), size);
    score = parts.x + parts.y + parts.z;
  }
  scores[score_index(jobs[job].scores, price, size)] = score;
}
