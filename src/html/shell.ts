import { Html, html } from './html.ts'

/** The script and style of a document, each with its SHA-256 in base64. */
export interface DocumentCode {
  readonly script: string
  readonly style: string
  readonly scriptHash: string
  readonly styleHash: string
}

/**
 * A self-contained HTML document: its style and script are inline, and a content security policy prevents
 * anything else from being run, loaded or sent.
 * @param body the content before the script
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
