/** What has arrived, on its way to being looked into. */
export * from './drain.ts'
