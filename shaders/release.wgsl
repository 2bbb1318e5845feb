// Releases a raw page: sums the hashes of its touched voxels, modulo 2^32 in each of two words, and clears
// them. Mirrors src/cpu/release.ts and src/fixed/checksum.ts (MurmurHash3 and xxHash32 rounds).
import constants::MOMENTS;
import package::pages::{shape, moments_index, PAGE_PRICES};

struct ReleaseJob {
  slabLow: u32, // absolute time classBin, two words
  slabHigh: u32,
  page: u32,
  slot: u32,
}

@group(0) @binding(2) var<storage, read> releases: array<ReleaseJob>;
@group(0) @binding(3) var<storage, read_write> raw: array<u32>;
// Two words per job.
@group(0) @binding(4) var<storage, read_write> checksums: array<atomic<u32>>;

const MURMUR_SEED = 0x766f7872u;
const XX_SEED = 0x69736b31u;

var<workgroup> first: atomic<u32>;
var<workgroup> second: atomic<u32>;

fn rotate(word: u32, bits: u32) -> u32 {
  return (word << bits) | (word >> (32u - bits));
}

fn murmur_round(hash: u32, word: u32) -> u32 {
  return rotate(hash ^ (rotate(word * 0xcc9e2d51u, 15u) * 0x1b873593u), 13u) * 5u + 0xe6546b64u;
}

fn murmur_end(hash: u32) -> u32 {
  let a = (hash ^ (hash >> 16u)) * 0x85ebca6bu;
  let b = (a ^ (a >> 13u)) * 0xc2b2ae35u;
  return b ^ (b >> 16u);
}

fn xx_round(hash: u32, word: u32) -> u32 {
  return rotate(hash + word * 0xc2b2ae3du, 17u) * 0x27d4eb2fu;
}

fn xx_end(hash: u32) -> u32 {
  let a = (hash ^ (hash >> 15u)) * 0x85ebca77u;
  let b = (a ^ (a >> 13u)) * 0xc2b2ae3du;
  return b ^ (b >> 16u);
}

@compute @workgroup_size(64)
fn release_page(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) price: u32) {
  let classBin = group.x;
  let job = releases[group.y];
  let at = moments_index(job.slot, price, classBin);
  if ((raw[at] | raw[at + 1u]) != 0u) {
    var key = array<u32, 4>(job.slabLow, job.slabHigh, job.page * PAGE_PRICES + price, classBin);
    var murmur = MURMUR_SEED;
    var xx = XX_SEED;
    for (var i = 0u; i < 4u; i++) {
      murmur = murmur_round(murmur, key[i]);
      xx = xx_round(xx, key[i]);
    }
    for (var i = 0u; i < 2u * MOMENTS; i++) {
      murmur = murmur_round(murmur, raw[at + i]);
      xx = xx_round(xx, raw[at + i]);
      raw[at + i] = 0u;
    }
    atomicAdd(&first, murmur_end(murmur));
    atomicAdd(&second, xx_end(xx));
  }
  workgroupBarrier();
  if (price == 0u) {
    atomicAdd(&checksums[2u * group.y], atomicLoad(&first));
    atomicAdd(&checksums[2u * group.y + 1u], atomicLoad(&second));
  }
}
