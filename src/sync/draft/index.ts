/** What the pipeline can say of settings that are not saved yet. It asks no service and writes nothing. */
export * from './preview-rows.ts'
export * from './records.ts'
export * from './shapes.ts'
export * from './suggest-settings.ts'
export * from './survey-fields.ts'
export * from './try-out.ts'
