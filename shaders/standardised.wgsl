// Terms as parts of the score. `standardised` mirrors the function of the same name in src/cpu/score.ts.
import package::pages::Moments;
import package::terms::{activity, volatility, flow, Prior};

// Six words a size bin: means of activity, volatility, flow in Q16, then their coefficients in Q10.
@group(0) @binding(5) var<storage, read> constants: array<i32>;

const DEVIATION_MAX = 65536; // 16 octaves in Q12

// coefficient · (term − mean) in Q16
fn standardised(term: i32, size: u32, column: u32) -> i32 {
  let deviation = clamp((term - constants[size * 6u + column]) >> 4u, -DEVIATION_MAX, DEVIATION_MAX);
  return (deviation * constants[size * 6u + 3u + column]) >> 6u;
}

// Activity, volatility and flow as parts of the score, which is their sum.
fn score_parts(moments: Moments, prior: Prior, size: u32) -> vec3i {
  return vec3i(
    standardised(activity(moments.volume), size, 0u),
    standardised(volatility(moments, prior), size, 1u),
    standardised(flow(moments), size, 2u),
  );
}
