// Adds the terms of a page's touched voxels to the sums of their class. Mirrors src/cpu/survey.ts.
import constants::TERMS;
import package::layer::terms::terms;
import package::pages::PageJob;
import package::smoothed::{is_touched, read_moments, read_prior};
import package::u64::{u64_negate, u64_product};

@group(0) @binding(2) var<storage, read> jobs: array<PageJob>;
// 64-bit sums (low, high) per class: N, then Σ and Σ² of every term.
@group(0) @binding(5) var<storage, read_write> sums: array<atomic<u32>>;

const SUM_WORDS = 2u + 4u * TERMS;
var<workgroup> row: array<atomic<u32>, SUM_WORDS>;

fn add_to_row(word: u32, value: vec2u) {
  let before = atomicAdd(&row[word], value.x);
  atomicAdd(&row[word + 1u], value.y + select(0u, 1u, before + value.x < before));
}

// Adds a term in Q10 and its square.
fn add_term(word: u32, term: i32) {
  let q10 = term >> 6u;
  let magnitude = vec2u(u32(abs(q10)), 0u);
  add_to_row(word, select(magnitude, u64_negate(magnitude), q10 < 0));
  add_to_row(word + 2u, u64_product(magnitude.x, magnitude.x));
}

@compute @workgroup_size(64)
fn survey_page(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) price: u32) {
  let classBin = group.x;
  let job = group.y;
  if (is_touched(jobs[job].own, price, classBin)) {
    let here = terms(read_moments(jobs[job].smoothed, price, classBin), read_prior(job, price));
    add_to_row(0u, vec2u(1u, 0u));
    for (var term = 0u; term < TERMS; term++) { add_term(2u + 4u * term, here[term]); }
  }
  workgroupBarrier();
  if (price < SUM_WORDS / 2u) {
    let low = atomicLoad(&row[2u * price]);
    let high = atomicLoad(&row[2u * price + 1u]);
    let at = classBin * SUM_WORDS + 2u * price;
    let before = atomicAdd(&sums[at], low);
    atomicAdd(&sums[at + 1u], high + select(0u, 1u, before + low < before));
  }
}
