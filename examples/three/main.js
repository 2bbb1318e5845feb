import { OrbitControls } from 'three/addons/controls/OrbitControls.js'
import { pass } from 'three/tsl'
import {
  AmbientLight,
  BoxGeometry,
  Color,
  CylinderGeometry,
  DirectionalLight,
  GridHelper,
  Group,
  Mesh,
  MeshStandardMaterial,
  PerspectiveCamera,
  RenderPipeline,
  Scene,
  SphereGeometry,
  Vector3,
  WebGPURenderer,
} from 'three/webgpu'
import { calibrateTrades, chooseBackend, RiskMap, rankHotspots } from 'voxrisk'
import { RiskBox } from './risk-box.js'
import { feed, yesterday } from './sample-feed.js'

const state = document.querySelector('#state')
const canvas = document.querySelector('canvas')

// One device for both: voxrisk computes the scores on it, three.js and the volume draw on it.
const choice = 'webgpu' // the volume needs a device, even if only a software one
const { backend, device } = await chooseBackend({ gpu: navigator.gpu, choice }).catch(error => {
  state.value = 'This example needs WebGPU.'
  throw error
})
const renderer = new WebGPURenderer({ canvas, device })
await renderer.init()

const calibration = await calibrateTrades(yesterday(), { backend })
const map = await RiskMap.create({ backend, calibration, keepSlabs: 96 }) // 96 × 15 min: a day

const scene = new Scene()
scene.background = new Color(0x12151c)
scene.add(new AmbientLight(0xffffff, 1.2))
const sun = new DirectionalLight(0xffffff, 2)
sun.position.set(2, 4, 3)
scene.add(sun)
const floor = new GridHelper(4, 40, 0x39415a, 0x232938)
floor.position.y = -0.52
scene.add(floor)

const box = await RiskBox.create(device, map)
box.scale.set(1.6, 1, 0.8)
scene.add(box)

// Opaque, up to the middle of the prices. It hides the volume behind it, but nothing in front of it or above.
const sheet = new Mesh(new BoxGeometry(1.06, 0.5, 0.01), new MeshStandardMaterial({ color: 0x3a4a6b }))
sheet.position.y = -0.25
box.add(sheet)

// A pin for each of the highest hotspots: its needle ends in the voxel, its head is above the box.
const MOST_PINS = 5
const HEAD_HEIGHT = 0.6
const pinMaterial = new MeshStandardMaterial({ color: 0x62d6bd })
const needleShape = new CylinderGeometry(0.004, 0.004, 1, 8).translate(0, -0.5, 0)
const headShape = new SphereGeometry(0.022, 24, 12)
const pins = Array.from({ length: MOST_PINS }, () => {
  const pin = new Group()
  pin.add(new Mesh(headShape, pinMaterial), new Mesh(needleShape, pinMaterial))
  return pin
})
scene.add(...pins)

/** Moves the pins to their hotspots. They shift as the box holds more and more of the day. */
function placePins() {
  for (const [rank, pin] of pins.entries()) {
    const place = hotspots[rank] && box.placeOf(hotspots[rank])
    pin.visible = Boolean(place)
    if (!place) continue
    const { x, y, z } = box.localToWorld(new Vector3(...place))
    pin.position.set(x, HEAD_HEIGHT, z)
    pin.children[1].scale.y = HEAD_HEIGHT - y
  }
}

let hotspots = []

const camera = new PerspectiveCamera(30, 1, 0.1, 20)
camera.position.set(1.7, 1.2, 3.6)
const controls = new OrbitControls(camera, canvas)

// One sample per pixel, because the volume reads the scene's depth.
const scenePass = pass(scene, camera, { samples: 0 })
const pipeline = new RenderPipeline(renderer, scenePass)

let isDrawing = false
let isStale = false

/** Draws frames one at a time, and only if something has changed. */
async function redraw() {
  isStale = true
  if (isDrawing) return
  isDrawing = true
  while (isStale) {
    await new Promise(requestAnimationFrame)
    isStale = false
    placePins()
    pipeline.render()
    box.draw(renderer, camera, scenePass.renderTarget.depthTexture)
    await device.queue.onSubmittedWorkDone()
  }
  isDrawing = false
}

new ResizeObserver(
  ([
    {
      contentRect: { width, height },
    },
  ]) => {
    camera.aspect = width / height
    camera.updateProjectionMatrix()
    renderer.setPixelRatio(devicePixelRatio)
    renderer.setSize(width, height, false)
    redraw()
  },
).observe(canvas)
controls.addEventListener('change', redraw)
document.querySelector('#sheet').addEventListener('input', ({ target }) => {
  sheet.position.z = target.valueAsNumber
  redraw()
})

map.observe({
  onScores: redraw,
  onHotspots: more => {
    hotspots = rankHotspots([...hotspots, ...more]).slice(0, MOST_PINS)
    redraw()
  },
})

state.value = 'Trades are coming in'
for await (const ticks of feed(map.instrument)) await map.ingest(ticks)
await map.flush()
state.value = `${map.account.ingested.toLocaleString('en')} trades are in`
