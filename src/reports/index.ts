/** Reports over what the store holds (rule R10): the same rows give the same report. Asks no service, writes nothing. */
export { attributionReport } from './attribution-report.ts'
export { MODELS, type Model } from './models.ts'
export type { CurrencyAmount, Money } from './money.ts'
export { pipelineReport } from './pipeline-report.ts'
export { reportChoices } from './report-choices.ts'
export type * from './report-face.ts'
export { attributionTables, pipelineTables, type ReportTable, toCsv } from './tables.ts'
