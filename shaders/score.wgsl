// Scores the touched voxels of a smoothed page, one workgroup a row (class). Mirrors src/cpu/score.ts.
import constants::TERMS;
import package::pages::{shape, PageJob, score_index, NO_SCORE};
import package::smoothed::{is_touched, read_moments, read_prior};
import package::standardised::{has_score, score_parts};

@group(0) @binding(2) var<storage, read> jobs: array<PageJob>;
@group(0) @binding(6) var<storage, read_write> scores: array<i32>;

@compute @workgroup_size(64)
fn score_page(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) price: u32) {
  let classBin = group.x;
  let job = group.y;
  let moments = read_moments(jobs[job].smoothed, price, classBin);
  var score = NO_SCORE;
  if (is_touched(jobs[job].own, price, classBin) && has_score(moments)) {
    let parts = score_parts(moments, read_prior(job, price), classBin);
    score = 0;
    for (var term = 0u; term < TERMS; term++) { score += parts[term]; }
  }
  scores[score_index(jobs[job].scores, price, classBin)] = score;
}
