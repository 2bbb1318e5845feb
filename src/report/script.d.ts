/**
 * Script and style of the report document, see build/report-script-plugin.ts. Never part of an exported type.
 */
declare module 'virtual:voxrisk-report-script' {
  /** One classic script. */
  export const script: string
  export const style: string
  /** SHA-256 of each in base64, for the document's content security policy. */
  export const scriptHash: string
  export const styleHash: string
}

declare module '*.css'
