// The terms of the score of every case, a case thirteen words: five moments, the prior, L(p).
import package::pages::{shape, Moments};
import package::terms::{Prior, activity, volatility, flow, has_trades};

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
  let moments = Moments(pair(at), pair(at + 2u), pair(at + 4u), pair(at + 6u), pair(at + 8u));
  let prior = Prior(pair(at + 10u), bitcast<i32>(cases[at + 12u]));
  results[id.x * 4u] = activity(moments.volume);
  results[id.x * 4u + 1u] = volatility(moments, prior);
  results[id.x * 4u + 2u] = flow(moments);
  results[id.x * 4u + 3u] = select(0, 1, has_trades(moments, shape.shrinkage));
}
