// Writes every field the host packs, one after the other, as this side reads it.
import constants::{MOMENTS, PRIOR_WORDS};
import package::release::ReleaseJob;
import package::pages::{shape, PageJob};
import package::smoothed::{read_moments, read_prior};

struct Place {
  slot: u32,
  price: u32,
  size: u32,
  job: u32,
}

@group(0) @binding(5) var<storage, read> jobs: array<PageJob>;
@group(0) @binding(6) var<storage, read> releases: array<ReleaseJob>;
@group(0) @binding(7) var<storage, read> places: array<Place>;
@group(0) @binding(8) var<storage, read_write> words: array<u32>;

var<private> next: u32;

fn put(word: u32) {
  words[next] = word;
  next++;
}

fn put_shape() {
  put(shape.classBins);
  put(shape.priceWidth);
  put(shape.priceRadius);
  put(shape.classRadius);
  put(shape.timeRadius);
  put(shape.centre);
  put(shape.shrinkage);
  for (var i = 0u; i < 20u; i++) { put(shape.priceWeights[i / 4u][i % 4u]); }
  for (var i = 0u; i < 20u; i++) { put(shape.classWeights[i / 4u][i % 4u]); }
  for (var i = 0u; i < 20u; i++) { put(shape.timeWeights[i / 4u][i % 4u]); }
  for (var i = 0u; i < 4u; i++) { put(shape.settings[i]); }
}

fn put_jobs() {
  for (var job = 0u; job < arrayLength(&jobs); job++) {
    put(jobs[job].slabLow);
    put(jobs[job].slabHigh);
    put(jobs[job].page);
    put(jobs[job].own);
    put(jobs[job].smoothed);
    put(jobs[job].scores);
    for (var i = 0u; i < 9u; i++) { put(bitcast<u32>(jobs[job].around[i])); }
    for (var i = 0u; i < 51u; i++) { put(bitcast<u32>(jobs[job].raw[i])); }
  }
  for (var job = 0u; job < arrayLength(&releases); job++) {
    put(releases[job].slabLow);
    put(releases[job].slabHigh);
    put(releases[job].page);
    put(releases[job].slot);
  }
}

fn put_places() {
  for (var i = 0u; i < arrayLength(&places); i++) {
    let place = places[i];
    let moments = read_moments(place.slot, place.price, place.size);
    for (var m = 0u; m < MOMENTS; m++) {
      put(moments[m].x);
      put(moments[m].y);
    }
    let prior = read_prior(place.job, place.price);
    for (var word = 0u; word < PRIOR_WORDS; word++) { put(prior[word]); }
  }
}

@compute @workgroup_size(1)
fn layout_words() {
  put_shape();
  put_jobs();
  put_places();
}
