/**
 * Makes the form of a company import: rows become CSV. Refuses rows that would create a company twice or erase values
 * nobody named.
 */
import { assertNoNull, MOST_IMPORT_BYTES, refusal } from './check-request.ts'
import type { FormPart } from './multipart.ts'
import type {
  BrevoCompanyImportMapping,
  BrevoCompanyImportRequest,
  BrevoCompanyImportRow,
} from './record/company.ts'

const MAPPING_DEFAULTS = {
  link_entities: true,
  unlink_entities: false,
  update_existing_records: true,
  unset_empty_attributes: false,
} as const satisfies Required<BrevoCompanyImportMapping>

export function companyImportForm(request: BrevoCompanyImportRequest): readonly FormPart[] {
  assertNoNull(request)
  const mapping = { ...MAPPING_DEFAULTS, ...request.mapping }
  const csv = 'csv' in request ? request.csv : rowsToCsv(request.rows, mapping)
  const bytes = Buffer.byteLength(csv)
  if (bytes > MOST_IMPORT_BYTES) {
    throw refusal(`An import takes at most ${MOST_IMPORT_BYTES} bytes of CSV, not ${bytes}; split it.`)
  }
  const [header = '', ...lines] = csv.split(/\r?\n/)
  if (lines.every((line) => line === '')) throw refusal('An import needs a header and at least one row.')
  if (!/[,;\t]/.test(header)) {
    throw refusal('An import of a single column has no separator for Brevo to find; add another column.')
  }
  return [
    { name: 'file', value: csv, fileName: 'companies.csv', contentType: 'text/csv' },
    { name: 'mapping', value: JSON.stringify(mapping) },
  ]
}

/** Commas between cells, as RFC 4180 has them. */
function rowsToCsv(
  rows: readonly BrevoCompanyImportRow[],
  mapping: Required<BrevoCompanyImportMapping>,
): string {
  if (rows.length === 0) throw refusal('An import needs at least one row.')
  const columns = [...new Set(rows.flatMap((row) => filledColumns(row)))]
  for (const [index, row] of rows.entries()) assertRow(row, index, columns, mapping)
  const lines = rows.map((row) => columns.map((column) => toCell(row[column])).join(','))
  return `${[columns.map(toCell).join(','), ...lines].join('\r\n')}\r\n`
}

function filledColumns(row: BrevoCompanyImportRow): string[] {
  return Object.keys(row).filter((column) => row[column] !== undefined)
}

function assertRow(
  row: BrevoCompanyImportRow,
  index: number,
  columns: readonly string[],
  mapping: Required<BrevoCompanyImportMapping>,
): void {
  const isKnown = (row.company_id ?? '') !== ''
  if (!isKnown && (row.name ?? '').trim() === '') {
    throw refusal(`Row ${index} of the import has neither a name nor a company_id.`)
  }
  if (isKnown && !mapping.update_existing_records) {
    throw refusal(
      `Row ${index} of the import names a company_id, but without update_existing_records it would be created again.`,
    )
  }
  const isPartial = filledColumns(row).length < columns.length
  if (isKnown && isPartial && mapping.unset_empty_attributes) {
    throw refusal(
      `Row ${index} of the import lacks columns that other rows have, and unset_empty_attributes would erase them; give every row the same columns.`,
    )
  }
}

function toCell(value: string | number | boolean | undefined): string {
  const text = String(value ?? '')
  // Brevo guesses the separator, so the other two are quoted as well.
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
