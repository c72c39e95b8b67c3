/** Has the browser save a text as a file. */

export type NamedFile = { readonly name: string; readonly type: 'text/csv' | 'application/json' }

export function download({ name, type }: NamedFile, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
