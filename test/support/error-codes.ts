/** Every error code in the source, as it stands there or is put together. It reads text only. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** Literals that look like codes and are something else: keys of settings, columns, fields of the vendors. */
const otherWords = [
  'address_of_another_person',
  'brevo_account',
  'brevo_event',
  'brevo_is_right',
  'person_dropbox_bcc',
  'person_edits',
  'person_hidden',
  'person_id',
  'person_mapping',
  'person_merged',
  'person_merges',
  'person_label',
  'person_name',
  'person_owner',
  'pipedrive_company',
  'record_id',
  'settings_history',
]

/** Codes as they stand in quotes, and those that a vendor's room or the transport puts together, which stand for both. */
export function codesOf(path: string, text: string): string[] {
  const literal =
    /'((?:pipedrive|brevo|store|config|settings|connection|secret|person|record|address|export|key|session)_[a-z_]+)'/g
  const codes = [...text.matchAll(literal), ...text.matchAll(/\bcode: '([a-z]+_[a-z_]+)'/g)].map(
    (match) => match[1] ?? '',
  )
  const vendor = /^src\/(pipedrive|brevo)\//.exec(path)?.[1]
  if (vendor !== undefined)
    for (const match of text.matchAll(/\bmake\(\s*'([a-z_]+)'/g)) codes.push(`${vendor}_${match[1]}`)
  // Only Pipedrive has a budget of the day.
  const both = path.endsWith('/daily-budget.ts') ? ['pipedrive'] : ['pipedrive', 'brevo']
  for (const match of text.matchAll(/\$\{(?:this\.#)?vendor\}_([a-z_]+)`/g))
    codes.push(...both.map((name) => `${name}_${match[1]}`))
  return codes.filter((code) => !otherWords.includes(code))
}

/** With a place where each is used, of the files that are meant; default: all of the product's own. */
export function codesInUse(isMeant: (path: string) => boolean = () => true): Map<string, string> {
  const found = new Map<string, string>()
  const entries = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name).slice(root.length + 1)
    const isOurs = path.endsWith('.ts') && !path.startsWith('src/simulators/')
    if (!isOurs || /\.test\.ts$|\.test-kit\.ts$|\/testdata\//.test(path) || !isMeant(path)) continue
    for (const code of codesOf(path, readFileSync(join(root, path), 'utf8'))) found.set(code, path)
  }
  return found
}
