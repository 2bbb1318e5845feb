// The terms of the score of every case, a case thirteen words: five moments, the prior, L(p).
import constants::MOMENTS;
import package::layer::terms::terms;
import package::standardised::has_score;

@group(0) @binding(2) var<storage, read> cases: array<u32>;
@group(0) @binding(3) var<storage, read_write> results: array<i32>;

const CASE = 13u;

fn pair(at: u32) -> vec2u {
  return vec2u(cases[at], cases[at + 1u]);
}

@compute @workgroup_size(64)
fn term_values(@builtin(global_invocation_id) id: vec3u) {
  let at = id.x * CASE;
  if (at >= arrayLength(&cases)) { return; }
  let moments = array<vec2u, MOMENTS>(pair(at), pair(at + 2u), pair(at + 4u), pair(at + 6u), pair(at + 8u));
  let found = terms(moments, array<u32, 3>(cases[at + 10u], cases[at + 11u], cases[at + 12u]));
  for (var term = 0u; term < 3u; term++) { results[id.x * 4u + term] = found[term]; }
  results[id.x * 4u + 3u] = select(0, 1, has_score(moments));
}
