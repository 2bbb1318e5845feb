// The volume, as far as another renderer's depth leaves it visible.
import package::march::{corner, march};

struct Corner {
  @builtin(position) position: vec4f,
  @location(0) clip: vec2f,
}

// May have any size; it covers the same picture.
@group(0) @binding(6) var depth: texture_depth_2d;

@vertex
fn cover(@builtin(vertex_index) index: u32) -> Corner {
  let clip = corner(index);
  return Corner(vec4f(clip, 0.0, 1.0), clip);
}

@fragment
fn volume(at: Corner) -> @location(0) vec4f {
  let size = vec2f(textureDimensions(depth));
  let pixel = vec2u(min((at.clip * vec2f(0.5, -0.5) + 0.5) * size, size - 1.0));
  return march(at.clip, textureLoad(depth, pixel, 0));
}
