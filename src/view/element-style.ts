import type { Theme } from '../show/colours.ts'
import { COLOUR_NAMES, FONT_FAMILY, INKS } from './inks.ts'

/** From this width on, CSS pixels, the list stands beside the picture. */
const WIDE = 760

const inkRules = (theme: Theme) =>
  COLOUR_NAMES.map(name => `--ink-${name}: var(--voxrisk-${name}, ${INKS[theme][name]});`).join('\n    ')

/**
 * The parts of the element. Everything is told in inks, so that the custom properties reach the controls as they reach the
 * picture; what lies between two inks is mixed of them.
 */
const RULES = `
  :host {
    display: block;
    width: 100%;
    height: 480px;
  }

  @media (max-width: ${WIDE}px) {
    :host([list]) {
      height: 800px;
    }
  }

  :host([hidden]) {
    display: none;
  }

  *,
  *::before {
    box-sizing: border-box;
  }

  [hidden] {
    display: none !important;
  }

  .root {
    ${inkRules('light')}
    --rule: color-mix(in srgb, var(--ink-muted) 30%, var(--ink-background));
    --edge: color-mix(in srgb, var(--ink-muted) 80%, var(--ink-background));
    --hover: color-mix(in srgb, var(--ink-text) 6%, var(--ink-background));
    --chosen: color-mix(in srgb, var(--ink-accent) 14%, var(--ink-background));
    container-type: inline-size;
    height: 100%;
    overflow: auto;
    background: var(--ink-background);
    color: var(--ink-text);
    color-scheme: light;
    font: 13px/1.4 var(--voxrisk-font, ${FONT_FAMILY});
    font-variant-numeric: tabular-nums;
    text-align: start;
    -webkit-text-size-adjust: 100%;
  }

  .root[data-theme='dark'] {
    ${inkRules('dark')}
    color-scheme: dark;
  }

  @media (forced-colors: active) {
    .root {
      --ink-background: Canvas !important;
      --ink-text: CanvasText !important;
      --ink-muted: CanvasText !important;
      --ink-grid: GrayText !important;
      --ink-marker: CanvasText !important;
      --ink-accent: Highlight !important;
    }
  }

  .probe {
    position: absolute;
    visibility: hidden;
    forced-color-adjust: none;
  }

  .layout {
    display: grid;
    grid-template: auto minmax(200px, 1fr) auto / minmax(0, 1fr);
    grid-template-areas: 'toolbar' 'picture' 'note';
    height: 100%;
  }

  .layout:has(.list) {
    grid-template-rows: auto minmax(200px, 1fr) auto minmax(140px, 30%);
    grid-template-areas: 'toolbar' 'picture' 'note' 'list';
  }

  :focus-visible {
    outline: 2px solid var(--ink-accent);
    outline-offset: 1px;
  }

  /* ---- toolbar ---- */

  .toolbar {
    grid-area: toolbar;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 16px;
    padding: 8px 12px;
    border-bottom: 1px solid var(--rule);
  }

  .field {
    display: flex;
    align-items: center;
    gap: 6px;
    color: var(--ink-muted);
    white-space: nowrap;
  }

  select,
  button {
    font: inherit;
    color: var(--ink-text);
  }

  select,
  .buttons button,
  .modes {
    height: 30px;
    border: 1px solid var(--edge);
    border-radius: 7px;
    background: var(--ink-background);
  }

  select {
    max-width: 11em;
    padding: 0 4px;
  }

  input {
    margin: 0;
    accent-color: var(--ink-accent);
  }

  input[type='range'] {
    width: 104px;
    height: 30px;
  }

  output {
    min-width: 2.2em;
    color: var(--ink-text);
  }

  .modes {
    display: inline-flex;
    overflow: hidden;
  }

  .modes:has(:focus-visible) {
    outline: 2px solid var(--ink-accent);
    outline-offset: 1px;
  }

  .modes label {
    position: relative;
    display: flex;
    align-items: center;
    padding: 0 12px;
    cursor: pointer;
  }

  .modes label + label {
    border-left: 1px solid var(--edge);
  }

  .modes input {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    opacity: 0;
    cursor: inherit;
  }

  .modes label:hover {
    background: var(--hover);
  }

  .modes label:has(:checked) {
    background: var(--ink-accent);
    color: var(--ink-background);
  }

  .modes label:has(:disabled) {
    color: var(--ink-muted);
    cursor: not-allowed;
    opacity: 0.55;
  }

  .buttons {
    display: flex;
    gap: 6px;
  }

  .buttons button {
    min-width: 30px;
    padding: 0 9px;
    line-height: 1;
    cursor: pointer;
  }

  .buttons button:hover {
    background: var(--hover);
  }

  select:hover,
  .buttons button:hover {
    border-color: var(--ink-text);
  }

  /* ---- legend ---- */

  .legend {
    display: grid;
    grid-template-columns: auto 150px;
    gap: 2px 8px;
    align-items: center;
    margin-inline-start: auto;
    color: var(--ink-muted);
    font-size: 12px;
    line-height: 1.2;
  }

  /* As wide for every measure, so that a change moves nothing. */
  .legend-title {
    min-width: 4.5em;
    text-align: end;
  }

  .legend-strip {
    height: 10px;
    border-radius: 2px;
    forced-color-adjust: none;
  }

  .legend-numbers {
    position: relative;
    display: flex;
    grid-column: 2;
    justify-content: space-between;
  }

  .legend-rare {
    position: absolute;
    transform: translateX(-50%);
  }

  /* ---- picture ---- */

  .picture {
    position: relative;
    grid-area: picture;
    min-height: 0;
  }

  canvas {
    position: absolute;
    inset: 0;
    display: block;
    width: 100%;
    height: 100%;
  }

  .overlay {
    touch-action: none;
  }

  .overlay:focus-visible {
    outline-offset: -2px;
  }

  .tip {
    position: absolute;
    z-index: 1;
    width: max-content;
    max-width: calc(100% - 8px);
    padding: 6px 10px 8px;
    border: 1px solid var(--rule);
    border-radius: 8px;
    background: var(--ink-background);
    box-shadow: 0 4px 18px rgb(0 0 0 / 18%);
    font-size: 12.5px;
    pointer-events: none;
  }

  .tip dl {
    display: grid;
    grid-template-columns: auto auto;
    gap: 0 14px;
    margin: 2px 0 0;
  }

  .tip dt {
    color: var(--ink-muted);
  }

  .tip dd {
    margin: 0;
  }

  /* ---- note ---- */

  .note {
    grid-area: note;
    padding: 6px 12px 8px;
    border-top: 1px solid var(--rule);
    color: var(--ink-muted);
    font-size: 12.5px;
  }

  .note p {
    margin: 0;
  }

  /* As high with the facts as without, so that choosing moves nothing. */
  .below {
    min-height: 2.8em;
  }

  .about:empty,
  .facts:empty {
    display: none;
  }

  .facts,
  .about {
    color: var(--ink-text);
  }

  .facts:not(:empty) + .hint {
    display: none;
  }

  kbd {
    display: inline-block;
    min-width: 1.6em;
    padding: 0 4px;
    border: 1px solid var(--rule);
    border-radius: 4px;
    font: inherit;
    font-size: 11.5px;
    line-height: 1.3;
    text-align: center;
  }

  .hint span {
    margin-inline-end: 10px;
    white-space: nowrap;
  }

  .touch {
    display: none;
  }

  .help {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  /* ---- list ---- */

  .list {
    grid-area: list;
    container-type: inline-size;
    min-height: 0;
    overflow: auto;
    overscroll-behavior: contain;
    border-top: 1px solid var(--rule);
  }

  table {
    width: 100%;
    border-spacing: 0;
  }

  caption {
    padding: 8px 12px 4px;
    color: var(--ink-muted);
    text-align: start;
  }

  th {
    position: sticky;
    top: 0;
    z-index: 1;
    padding: 0;
    border-bottom: 1px solid var(--rule);
    background: var(--ink-background);
    font-weight: 600;
    text-align: end;
  }

  th button {
    width: 100%;
    padding: 6px 8px;
    border: 0;
    background: none;
    color: var(--ink-muted);
    text-align: inherit;
    white-space: nowrap;
    cursor: pointer;
  }

  th button:focus-visible {
    outline-offset: -2px;
  }

  th button:hover,
  th:not([aria-sort='none']) button {
    color: var(--ink-text);
  }

  th[aria-sort='ascending'] button::after {
    content: ' ↑' / '';
  }

  th[aria-sort='descending'] button::after {
    content: ' ↓' / '';
  }

  td {
    padding: 3px 8px;
    border-bottom: 1px solid var(--ink-grid);
    text-align: end;
    white-space: nowrap;
  }

  th:first-child button,
  td:first-child {
    padding-inline-start: 12px;
  }

  th:first-child,
  td:first-child,
  th:nth-child(3),
  td:nth-child(3) {
    text-align: start;
  }

  tbody tr {
    cursor: pointer;
  }

  tbody tr:hover {
    background: var(--hover);
  }

  tbody tr.chosen {
    background: var(--chosen);
  }

  td button {
    min-width: 30px;
    height: 24px;
    padding: 0 6px;
    border: 1px solid var(--rule);
    border-radius: 12px;
    background: var(--ink-background);
    font-size: 12px;
    font-weight: 600;
    line-height: 1;
    cursor: pointer;
  }

  .chosen button {
    border-color: var(--ink-accent);
    background: var(--ink-accent);
    color: var(--ink-background);
  }

  /* As many columns as there is room for; the facts of a chosen hotspot hold the rest. */
  @container (max-width: 780px) {
    :is(th, td):nth-child(n + 8) {
      display: none;
    }
  }

  @container (max-width: 640px) {
    :is(th, td):nth-child(n + 7) {
      display: none;
    }
  }

  @container (max-width: 500px) {
    :is(th, td):nth-child(n + 6) {
      display: none;
    }
  }

  @container (max-width: 420px) {
    :is(th, td):nth-child(n + 5) {
      display: none;
    }
  }

  /* ---- wide: the list beside the picture ---- */

  @container (min-width: ${WIDE}px) {
    .layout:has(.list) {
      grid-template: auto minmax(200px, 1fr) auto / minmax(0, 1fr) clamp(360px, 44%, 600px);
      grid-template-areas: 'toolbar toolbar' 'picture list' 'note list';
    }

    .list {
      border-top: 0;
      border-left: 1px solid var(--rule);
    }
  }

  /* ---- narrow: the picture first, what steers it under it ---- */

  @container (max-width: 600px) {
    .layout {
      grid-template: minmax(200px, 1fr) auto auto / minmax(0, 1fr);
      grid-template-areas: 'picture' 'note' 'toolbar';
    }

    .layout:has(.list) {
      grid-template-rows: minmax(200px, 1fr) auto auto minmax(140px, 30%);
      grid-template-areas: 'picture' 'note' 'toolbar' 'list';
    }

    .toolbar {
      border-top: 1px solid var(--rule);
      border-bottom: 0;
    }

    .below {
      min-height: 4.2em;
    }

    .threshold {
      flex: 1 1 100%;
    }

    .threshold input {
      flex: 1;
      min-width: 0;
    }

    .legend {
      flex: 1 1 100%;
      grid-template-columns: auto minmax(0, 1fr);
    }
  }

  /* ---- fingers ---- */

  @media (pointer: coarse) {
    select,
    .buttons button,
    .modes,
    input[type='range'] {
      height: 44px;
    }

    .buttons button {
      min-width: 44px;
    }

    select {
      font-size: 16px; /* below it, phones zoom in on focus */
    }

    th button {
      min-height: 44px;
    }

    td button {
      min-width: 44px;
      height: 36px;
      border-radius: 18px;
    }
  }

  @media (hover: none) {
    .keys {
      display: none;
    }

    .touch {
      display: inline;
    }
  }

  @media (forced-colors: active) {
    .modes label:has(:checked),
    tbody tr.chosen {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }

    .modes label:has(:disabled) {
      color: GrayText;
    }
  }
`

let sheet: CSSStyleSheet | undefined

/** The one style sheet that all elements share; constructed, so that it needs no leave of the page's content policy. */
export function elementStyle(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(RULES)
  }
  return sheet
}
