// Terms as parts of the score. `standardised` mirrors src/cpu/standardised.ts.
import constants::{MOMENTS, TERMS, PRIOR_WORDS};
import package::layer::terms::terms;
import package::pages::shape;
import package::u64::u64_less;

// Per class: the mean of every term in Q16, then the coefficient of every term in Q10.
@group(0) @binding(5) var<storage, read> constants: array<i32>;

const DEVIATION_MAX = 65536; // 16 octaves in Q12

// coefficient · (term − mean) in Q16
fn standardised(term: i32, classBin: u32, column: u32) -> i32 {
  let at = classBin * 2u * TERMS + column;
  let deviation = clamp((term - constants[at]) >> 4u, -DEVIATION_MAX, DEVIATION_MAX);
  return (deviation * constants[at + TERMS]) >> 6u;
}

// The layer's terms as parts of the score, which is their sum.
fn score_parts(
  moments: array<vec2u, MOMENTS>,
  prior: array<u32, PRIOR_WORDS>,
  classBin: u32,
) -> array<i32, TERMS> {
  let plain = terms(moments, prior);
  var parts: array<i32, TERMS>;
  for (var term = 0u; term < TERMS; term++) { parts[term] = standardised(plain[term], classBin, term); }
  return parts;
}

// A voxel has a score if its smoothed events reach κ · c.
fn has_score(moments: array<vec2u, MOMENTS>) -> bool {
  return !u64_less(moments[0], vec2u(shape.shrinkage, 0u));
}
