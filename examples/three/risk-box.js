import { BoxGeometry, EdgesGeometry, Group, LineBasicMaterial, LineSegments, Matrix4 } from 'three/webgpu'
import { RiskVolume } from 'voxrisk/view'

/**
 * A risk map as a box of a three.js scene: time to the right, price upwards, size towards the viewer. Move, turn and scale it as any
 * object; its edges are 1 before that. three.js draws what stands in it (its edges, and what you add), `draw()` the volume.
 */
export class RiskBox extends Group {
  #viewProjection = new Matrix4()

  /** @param device the one of the renderer and of the map */
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
   * Draws the volume over what the renderer has put on its canvas, in the same task.
   * @param depthTexture of the picture below: it hides what of the volume lies behind
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

  /** Where a hotspot lies in the box: the middle of its voxel; null while nothing is kept. */
  placeOf({ voxel: { time, price, size } }) {
    return this.volume.place(this.map, { time: time + 0.5, price: price + 0.5, size: size + 0.5 })
  }
}
