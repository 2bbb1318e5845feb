// Hashes rows of fourteen words, the length of a voxel's record, two words a row.
import package::release::{murmur_round, murmur_end, xx_round, xx_end, MURMUR_SEED, XX_SEED};

@group(0) @binding(5) var<storage, read> records: array<u32>;
@group(0) @binding(6) var<storage, read_write> hashes: array<u32>;

const WORDS = 14u;

@compute @workgroup_size(64)
fn hash_values(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= arrayLength(&records) / WORDS) { return; }
  var murmur = MURMUR_SEED;
  var xx = XX_SEED;
  for (var i = 0u; i < WORDS; i++) {
    murmur = murmur_round(murmur, records[id.x * WORDS + i]);
    xx = xx_round(xx, records[id.x * WORDS + i]);
  }
  hashes[2u * id.x] = murmur_end(murmur);
  hashes[2u * id.x + 1u] = xx_end(xx);
}
