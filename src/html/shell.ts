import { Html, html } from './html.ts'

/** Code of a document and its SHA-256 in base64. */
export interface DocumentCode {
  readonly script: string
  readonly style: string
  readonly scriptHash: string
  readonly styleHash: string
}

/**
 * A whole HTML document that needs nothing else: its style and its script stand in it, and a content security policy lets nothing
 * else run, be loaded or be sent.
 * @param body what stands before the script
 */
export function shell(parts: {
  readonly title: string
  /** Version of voxrisk that wrote it. */
  readonly version: string
  readonly code: DocumentCode
  readonly body: Html
}): string {
  const { script, style, scriptHash, styleHash } = parts.code
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="voxrisk ${parts.version}">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-${scriptHash}'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'">
<title>${parts.title}</title>
<style>${new Html(style)}</style>
</head>
<body>
${parts.body}
<script>${new Html(script)}</script>
</body>
</html>
`.text
}
