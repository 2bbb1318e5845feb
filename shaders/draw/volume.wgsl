// The volume, over a whole picture.
import package::march::{corner, march};

struct Corner {
  @builtin(position) position: vec4f,
  @location(0) clip: vec2f,
}

@vertex
fn cover(@builtin(vertex_index) index: u32) -> Corner {
  let clip = corner(index);
  return Corner(vec4f(clip, 0.0, 1.0), clip);
}

@fragment
fn volume(at: Corner) -> @location(0) vec4f {
  return march(at.clip, 1.0);
}
