import { BoxGeometry, EdgesGeometry, Group, LineBasicMaterial, LineSegments, Matrix4 } from 'three/webgpu'
import { RiskVolume } from 'voxrisk/view'

/**
 * A risk map as a box in a three.js scene: time to the right, price up, size towards the viewer. Move, rotate
 * and scale it like any object; unscaled, its edges are 1 long. three.js draws the contents (its edges, and
 * what you add); `draw()` draws the volume.
 */
export class RiskBox extends Group {
  #viewProjection = new Matrix4()

  /** @param device the device of both the renderer and the map */
  static async create(device, map) {
    const format = navigator.gpu.getPreferredCanvasFormat()
    return new RiskBox(device, map, await RiskVolume.create(device, { format }))
  }

  constructor(device, map, volume) {
    super()
    this.device = device
    this.map = map
    this.volume = volume
    this.add(
      new LineSegments(new EdgesGeometry(new BoxGeometry()), new LineBasicMaterial({ color: 0x66708a })),
    )
  }

  /**
   * Draws the volume over what the renderer has put on its canvas. Call it in the same task.
   * @param depthTexture depth of the picture below, which hides the volume behind it
   */
  draw(renderer, camera, depthTexture) {
    const { device, map, volume } = this
    const viewProjection = this.#viewProjection
      .multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse)
      .multiply(this.matrixWorld)
    const encoder = device.createCommandEncoder()
    volume.draw({
      map,
      encoder,
      target: renderer.domElement.getContext('webgpu').getCurrentTexture().createView(),
      viewProjection: viewProjection.elements,
      depth: renderer.backend.get(depthTexture).texture.createView(),
    })
    device.queue.submit([encoder.finish()])
  }

  /** The position of a hotspot in the box: the centre of its voxel; null while nothing is kept. */
  placeOf({ voxel: { time, price, size } }) {
    return this.volume.place(this.map, { time: time + 0.5, price: price + 0.5, size: size + 0.5 })
  }
}
